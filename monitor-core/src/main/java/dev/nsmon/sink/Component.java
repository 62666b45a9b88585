package dev.nsmon.sink;

import java.time.Duration;
import java.util.Optional;

/// A supervised part of a service with threads of its own: whether it works, how often it was
/// restarted, and the last error. Created by a [Supervisor].
///
/// Restarts use exponential backoff: 0.5 s after the first failure, then twice as long each time,
/// up to 30 s. A minute without a failure resets it. The component's own thread reports, any thread
/// reads.
public final class Component {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LAST = Duration.ofSeconds(30);
  private static final long STEADY_NANOS = Duration.ofMinutes(1).toNanos();

  private final String name;
  private final Supervisor supervisor;

  /// Consecutive failures, for the backoff. Reset by [#backOff] a minute after the last one.
  private int failures;

  private long failedNanos;
  private volatile boolean up = true;
  private volatile long restarts;
  private volatile Optional<String> reason = Optional.empty();

  Component(String name, Supervisor supervisor) {
    this.name = name;
    this.supervisor = supervisor;
  }

  public String name() {
    return name;
  }

  /// True if it works; false from a failure until it is started again.
  public boolean isUp() {
    return up;
  }

  /// The number of failures after which it was, or will be, restarted.
  public long restarts() {
    return restarts;
  }

  /// The last error; empty if there was none.
  public Optional<String> reason() {
    return reason;
  }

  /// Reports a failure after which the component is to be restarted: logs and counts it. After an
  /// OutOfMemoryError the process ends instead.
  ///
  /// @return how long to wait before the restart, see [#pause]
  public Duration failed(Throwable cause) {
    if (Supervisor.isOutOfMemory(cause)) {
      supervisor.outOfMemory(cause);
    }
    Duration wait = backOff();
    up = false;
    reason = Optional.of(Supervisor.words(cause));
    long now = restarts + 1;
    restarts = now;
    supervisor.say(
        "%s has failed: %s; it is started again in %.1f s"
            .formatted(name, Supervisor.words(cause), wait.toMillis() / 1000.0));
    return wait;
  }

  /// Sleeps before a restart. The calling thread is the component's.
  ///
  /// @throws InterruptedException if the component is to stop
  public void pause(Duration wait) throws InterruptedException {
    // An interrupt that belongs to the failure must not stop the component.
    boolean _ = Thread.interrupted();
    supervisor.sleep(wait);
  }

  /// Reports that the component works again.
  public void works() {
    if (!up) {
      up = true;
    }
  }

  /// Reports a failure after which no restart is possible: the process ends.
  public void end(Throwable cause) {
    if (Supervisor.isOutOfMemory(cause)) {
      supervisor.outOfMemory(cause);
    }
    up = false;
    reason = Optional.of(Supervisor.words(cause));
    supervisor.end(name + " has failed: " + Supervisor.words(cause));
  }

  private Duration backOff() {
    long now = supervisor.nanoTime();
    failures = failures > 0 && now - failedNanos > STEADY_NANOS ? 0 : failures;
    failedNanos = now;
    Duration wait = FIRST.multipliedBy(1L << Math.min(failures++, 10));
    return wait.compareTo(LAST) < 0 ? wait : LAST;
  }
}
