package dev.nsmon.cli;

import dev.nsmon.event.Source;
import dev.nsmon.format.Escape;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.MonitorStats;
import dev.nsmon.sink.Supervisor;
import dev.nsmon.websocket.Condition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Reports readiness, status, watchdog keep-alives and stop to a service manager such as systemd
/// (`sd_notify(3)`, `systemd.service(5)` Type=notify). Does nothing without `NOTIFY_SOCKET`.
///
/// READY=1 is sent after the first scan. WATCHDOG=1 is sent only after another scan or
/// reconciliation has been completed. So the service manager restarts a monitor that hangs.
final class ServiceManager {
  private static final long READY_MILLIS = 50;
  private static final Duration STATUS = Duration.ofSeconds(10);

  /// How often the list of problems is read, to report a new one at once.
  private static final Duration CHECK = Duration.ofSeconds(1);

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> watchdog;
  private final MonitorStats stats;
  private final EventLog log;
  private final Supplier<Condition> condition;
  private final Object sending = new Object();

  private ServiceManager(
      Optional<NotifySocket> socket,
      Optional<Duration> watchdog,
      MonitorStats stats,
      EventLog log,
      Supplier<Condition> condition) {
    this.condition = condition;
    this.socket = socket;
    this.watchdog = watchdog;
    this.stats = stats;
    this.log = log;
  }

  /// Creates the notifier of this process.
  ///
  /// @param condition returns the current condition of all components
  /// @param pace the longest time between two scans, to warn of a watchdog that is too short
  static ServiceManager of(
      MonitorStats stats, EventLog log, Supplier<Condition> condition, Duration pace) {
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
    return new ServiceManager(socket, watchdog, stats, log, condition);
  }

  /// Whether a service manager has started this process and expects notifications.
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

  /// The watchdog timeout (`sd_watchdog_enabled(3)`); empty if the watchdog is off or meant for
  /// another process.
  static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String of = environment.getOrDefault("WATCHDOG_PID", "");
    if (!micros.matches("[0-9]{1,15}") || !(of.isEmpty() || of.equals("" + pid))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
        .filter(Duration::isPositive);
  }

  /// Starts the notifying thread; does nothing without a socket.
  void start(Supervisor supervisor) {
    if (socket.isPresent()) {
      Thread _ = supervisor.start(ServePart.SERVICE_MANAGER.toString(), this::run);
    }
  }

  private void run() throws InterruptedException {
    while (stats.lastLook().isEmpty()) {
      Thread.sleep(READY_MILLIS);
    }
    send("READY=1", status(problems()));
    // Check four times per timeout: a scan may complete right after a check.
    Duration regular =
        watchdog.map(time -> time.dividedBy(4)).filter(t -> t.compareTo(STATUS) < 0).orElse(STATUS);
    Duration pause = regular.compareTo(CHECK) < 0 ? regular : CHECK;
    Optional<Instant> fed = stats.lastLook();
    List<String> said = List.of();
    Duration silence = Duration.ZERO;
    while (true) {
      Thread.sleep(pause);
      silence = silence.plus(pause);
      Optional<Instant> last = stats.lastLook();
      List<String> problems = problems();
      if (watchdog.isPresent() && !last.equals(fed)) {
        send("WATCHDOG=1", status(problems));
        fed = last;
      } else if (!problems.equals(said) || silence.compareTo(regular) >= 0) {
        send(status(problems));
      } else {
        continue;
      }
      said = problems;
      silence = Duration.ZERO;
    }
  }

  private List<String> problems() {
    return condition.get().problems();
  }

  /// The line that `systemctl status` shows, problems first.
  private String status(List<String> problems) {
    String by =
        stats
                .feeding()
                .filter(MonitorStats.Feeding::up)
                .map(one -> one.source())
                .orElse(Source.POLL)
            + "";
    String bad = problems.isEmpty() ? "" : Escape.text(String.join("; ", problems)) + "; ";
    return "STATUS=%s%d events told, by %s; last look at %s"
        .formatted(bad, log.nextSeq() - 1, by, stats.lastLook().map(Instant::toString).orElse("?"));
  }

  /// Reports that the service is stopping. Any thread.
  void ends() {
    send("STOPPING=1", "STATUS=handing on what is left");
  }

  private void send(String... variables) {
    synchronized (sending) {
      socket.ifPresent(one -> one.send(variables));
    }
  }
}
