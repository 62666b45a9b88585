package dev.nsmon.sink;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Reports the begin and end of an outage, each reason once, and computes the pause before the next
/// attempt. Used by one thread.
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

  /// The way in which a thread sleeps between two attempts.
  public interface Pause {
    /// Sleeps for this time.
    void sleep(Duration time) throws InterruptedException;
  }

  /// @param what the prefix of each message, such as `Kafka topic nsmon.events`
  /// @param nanoTime monotonic time, for the duration of an outage
  public Outage(String what, Consumer<String> remarks, LongSupplier nanoTime, Pause pause) {
    this.what = what;
    this.remarks = remarks;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /// Reports a failed attempt with its reason.
  public void because(String reason) {
    if (said.isEmpty()) {
      sinceNanos = nanoTime.getAsLong();
    }
    if (said.add(reason)) {
      remarks.accept(what + ": " + reason + "; trying on");
    }
  }

  /// Reports a successful attempt, which ends an outage.
  public void over() {
    failures = 0;
    if (!said.isEmpty()) {
      said.clear();
      long seconds = Duration.ofNanos(nanoTime.getAsLong() - sinceNanos).toSeconds();
      remarks.accept(what + ": works again, after " + seconds + " s");
    }
  }

  /// Sleeps before the next attempt: 1 s after the first failure, then twice as long each time, up
  /// to 30 s. Up to half of it is left out at random, so that many hosts do not reconnect at the
  /// same time.
  public void pause() throws InterruptedException {
    long whole = Math.min(LONGEST_MILLIS, SHORTEST_MILLIS << Math.min(failures++, 10));
    sleep(whole);
  }

  /// Sleeps for the longest pause, less a random part.
  public void longPause() throws InterruptedException {
    sleep(LONGEST_MILLIS);
  }

  private void sleep(long millis) throws InterruptedException {
    pause.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1)));
  }
}
