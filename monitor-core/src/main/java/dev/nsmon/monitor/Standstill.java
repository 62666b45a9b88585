package dev.nsmon.monitor;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Finds out that the monitor is blocked while it reads `/proc`, and reports it.
///
/// A process can block all readers of its files there. During `execve(2)` the kernel closes the
/// files that have `O_CLOEXEC`, and readers wait until it has. If such a file is on a file system
/// in user space (FUSE) whose server does not answer, they wait for as long as the server is
/// silent.
///
/// [#run] needs a thread of its own. The other methods are for any thread.
public final class Standstill {
  /// Number of consecutive checks without progress after which the monitor counts as blocked.
  /// Elapsed time alone would mistake a stopped process or a paused machine for a blocked monitor.
  static final int CHECKS = 10;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final MonitorStats stats;
  private final IntSupplier opened;
  private final HostClock clock;
  private final Consumer<String> remarks;

  /// Result of the last check. Thread of [#run] only.
  private Sample last = new Sample(OptionalLong.empty(), 0);

  /// Number of earlier checks in a row with the same result. Thread of [#run] only.
  private int same;

  /// See [#trouble()]. Set and cleared by [#check].
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
