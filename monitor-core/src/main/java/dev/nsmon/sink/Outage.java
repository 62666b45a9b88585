package dev.nsmon.sink;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Says when something begins to fail and when it works again, each reason once, and how long to
/// wait before the next try. Used by one thread.
public final class Outage {
  private static final long SHORTEST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 30_000;

  private final String what;
  private final Consumer<String> remarks;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private final Set<String> said = new HashSet<>();
  private long sinceNanos;
  private int failures;

  /// How the thread lets time pass between two attempts.
  public interface Pause {
    /// Returns when this time has passed.
    void sleep(Duration time) throws InterruptedException;
  }

  /// @param what is said before each line, such as `Kafka topic nsmon.events`
  /// @param nanoTime monotonic time, which says how long an outage has lasted
  public Outage(String what, Consumer<String> remarks, LongSupplier nanoTime, Pause pause) {
    this.what = what;
    this.remarks = remarks;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /// It does not work, for this reason.
  public void because(String reason) {
    if (said.isEmpty()) {
      sinceNanos = nanoTime.getAsLong();
    }
    if (said.add(reason)) {
      remarks.accept(what + ": " + reason + "; trying on");
    }
  }

  /// It works.
  public void over() {
    failures = 0;
    if (!said.isEmpty()) {
      said.clear();
      long seconds = Duration.ofNanos(nanoTime.getAsLong() - sinceNanos).toSeconds();
      remarks.accept(what + ": works again, after " + seconds + " s");
    }
  }

  /// Waits before the next try: 1 s after the first failure, then twice as long each time, up to 30
  /// s; less a random part, so that a fleet does not come back in step.
  public void pause() throws InterruptedException {
    long whole = Math.min(LONGEST_MILLIS, SHORTEST_MILLIS << Math.min(failures++, 10));
    sleep(whole);
  }

  /// Waits as long as it ever does.
  public void longPause() throws InterruptedException {
    sleep(LONGEST_MILLIS);
  }

  private void sleep(long millis) throws InterruptedException {
    pause.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1)));
  }
}
