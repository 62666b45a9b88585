package dev.nsmon.monitor;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Finds out that the monitor is blocked while it reads `/proc`, and reports it.
///
/// A process can block everybody who reads its files there. While it is in `execve(2)`, the kernel
/// answers only after it has closed the files that are to be closed; one of them may be on a file
/// system in user space whose server does not answer. Nothing is told until then.
///
/// [#run] needs a thread of its own. The other methods are for any thread.
public final class Standstill {
  /// The longest time that reading may take.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final MonitorStats stats;
  private final IntSupplier asked;
  private final HostClock clock;
  private final Consumer<String> remarks;

  /// True if the last message was that the monitor is blocked. Thread of [#run] only.
  private boolean reported;

  /// @param asked the pid of the process that was last opened; 0 if there is none
  /// @param remarks receives messages for people
  Standstill(MonitorStats stats, IntSupplier asked, HostClock clock, Consumer<String> remarks) {
    this.stats = stats;
    this.asked = asked;
    this.clock = clock;
    this.remarks = remarks;
  }

  /// Checks once a second, until it is interrupted.
  public void run() throws InterruptedException {
    while (true) {
      clock.sleep(PAUSE);
      check();
    }
  }

  void check() {
    Optional<String> trouble = trouble();
    if (trouble.isPresent() != reported) {
      reported = trouble.isPresent();
      remarks.accept("the monitor " + trouble.orElse("goes on"));
    }
  }

  /// What is wrong, as the end of a sentence about the monitor; empty if nothing is.
  public Optional<String> trouble() {
    if (stats.readingNanos(clock.nanoTime()) < PATIENCE.toNanos()) {
      return Optional.empty();
    }
    int pid = asked.getAsInt();
    String last = pid == 0 ? "" : "; the last process that it asked for is " + pid;
    return Optional.of(
        "has been reading /proc for more than "
            + PATIENCE.toSeconds()
            + " s and tells nothing meanwhile"
            + last);
  }
}
