package dev.nsmon.cli;

import dev.nsmon.event.Source;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.MonitorStats;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Tells the service manager, where one has started us, that the service is ready, how it does and
/// that it ends (`sd_notify(3)`, `systemd.service(5)` Type=notify). Ready means that the host has
/// been looked at once. The watchdog is fed by each look that was finished and told, and by nothing
/// else: a monitor that hangs is started anew.
final class ServiceManager {
  private static final long READY_MILLIS = 50;
  private static final Duration STATUS = Duration.ofSeconds(10);

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> watchdog;
  private final MonitorStats stats;
  private final EventLog log;
  private final Object sending = new Object();

  private ServiceManager(
      Optional<NotifySocket> socket,
      Optional<Duration> watchdog,
      MonitorStats stats,
      EventLog log) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.stats = stats;
    this.log = log;
  }

  /// The one of this process.
  ///
  /// @param pace the longest time between two looks
  static ServiceManager of(MonitorStats stats, EventLog log, Duration pace) {
    Map<String, String> environment = System.getenv();
    Optional<NotifySocket> socket = connect(environment.getOrDefault("NOTIFY_SOCKET", ""));
    Optional<Duration> watchdog =
        socket.flatMap(_ -> watchdog(environment, ProcessHandle.current().pid()));
    watchdog
        .filter(time -> time.compareTo(pace.multipliedBy(2)) < 0)
        .ifPresent(
            time ->
                Words.say(
                    "the watchdog waits for %d s, but looks may be %d s apart: let it wait longer"
                            .formatted(time.toSeconds(), pace.toSeconds())
                        + " (WatchdogSec=), or look more often"));
    return new ServiceManager(socket, watchdog, stats, log);
  }

  /// Whether one has started us.
  static boolean isThere() {
    return !System.getenv().getOrDefault("NOTIFY_SOCKET", "").isEmpty();
  }

  private static Optional<NotifySocket> connect(String address) {
    if (address.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(NotifySocket.connect(address));
    } catch (IOException e) {
      Words.say("NOTIFY_SOCKET: '" + address + "' " + e.getMessage());
      return Optional.empty();
    }
  }

  /// Within what time it has to be fed (`sd_watchdog_enabled(3)`); empty if it is off, or another
  /// process's.
  static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String of = environment.getOrDefault("WATCHDOG_PID", "");
    if (!micros.matches("[0-9]{1,15}") || !(of.isEmpty() || of.equals("" + pid))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
        .filter(Duration::isPositive);
  }

  /// Tells from now on, on a thread of its own.
  void start() {
    if (socket.isPresent()) {
      Thread.ofPlatform().daemon().name("service-manager").start(this::run);
    }
  }

  private void run() {
    try {
      while (stats.lastLook().isEmpty()) {
        Thread.sleep(READY_MILLIS);
      }
      send("READY=1", status());
      // Several times within its patience: a look may have ended right after the last question.
      Duration pause =
          watchdog
              .map(time -> time.dividedBy(4))
              .filter(t -> t.compareTo(STATUS) < 0)
              .orElse(STATUS);
      Optional<Instant> fed = stats.lastLook();
      while (true) {
        Thread.sleep(pause);
        Optional<Instant> last = stats.lastLook();
        if (watchdog.isPresent() && !last.equals(fed)) {
          send("WATCHDOG=1", status());
          fed = last;
        } else {
          send(status());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Shown by `systemctl status`.
  private String status() {
    String by =
        stats
                .feeding()
                .filter(MonitorStats.Feeding::up)
                .map(one -> one.source())
                .orElse(Source.POLL)
            + "";
    return "STATUS=%d events told, by %s; last look at %s"
        .formatted(log.nextSeq() - 1, by, stats.lastLook().map(Instant::toString).orElse("?"));
  }

  /// The service ends, as it should.
  void ends() {
    send("STOPPING=1", "STATUS=handing on what is left");
  }

  private void send(String... variables) {
    synchronized (sending) {
      socket.ifPresent(one -> one.send(variables));
    }
  }
}
