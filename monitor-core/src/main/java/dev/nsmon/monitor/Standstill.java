package dev.nsmon.monitor;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Finds out that the monitor is blocked while it reads `/proc`, and reports it.
///
/// A process can block everybody who reads its files there. While it is in `execve(2)`, the kernel
/// answers only after it has closed the files that are to be closed; one of them may be on a file
/// system in user space whose server does not answer. Nothing is reported until then.
///
/// [#run] needs a thread of its own. The other methods are for any thread.
public final class Standstill {
  /// So many checks in a row must find the same. Counting them, and not the time, tells a monitor
  /// that is blocked from a process that was stopped, or a machine that was.
  static final int CHECKS = 10;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final MonitorStats stats;
  private final IntSupplier opened;
  private final HostClock clock;
  private final Consumer<String> remarks;

  /// What the last check found. Thread of [#run] only, as the next two.
  private Sample last = new Sample(OptionalLong.empty(), 0);

  /// How many checks before it found the same.
  private int same;

  private volatile Optional<String> trouble = Optional.empty();

  /// @param opened the pid of the process that was last opened; 0 if there is none
  /// @param remarks receives messages for people
  Standstill(MonitorStats stats, IntSupplier opened, HostClock clock, Consumer<String> remarks) {
    this.stats = stats;
    this.opened = opened;
    this.clock = clock;
    this.remarks = remarks;
  }

  /// @param since since when the monitor has been reading; empty if it does not
  private record Sample(OptionalLong since, int pid) {}

  /// Checks once a second, until it is interrupted.
  public void run() throws InterruptedException {
    while (true) {
      clock.sleep(PAUSE);
      check();
    }
  }

  void check() {
    Sample now = new Sample(stats.readsSince(), opened.getAsInt());
    same = now.since().isPresent() && now.equals(last) ? same + 1 : 0;
    last = now;
    boolean blocked = same >= CHECKS;
    if (blocked != trouble.isPresent()) {
      trouble = blocked ? Optional.of(words(now.pid())) : Optional.empty();
      remarks.accept("the monitor " + trouble.orElse("goes on"));
    }
  }

  private static String words(int pid) {
    return "has been reading /proc for more than 10 s and reports nothing meanwhile"
        + (pid == 0 ? "" : "; the last process that it opened is " + pid);
  }

  /// What is wrong, as the end of a sentence about the monitor; empty if nothing is.
  public Optional<String> trouble() {
    return trouble;
  }
}
