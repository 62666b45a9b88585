package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Messages for the operator whose cause a client can repeat: at most one a minute is passed on,
/// the others are dropped. Any thread.
final class RareRemarks {
  private static final long PAUSE_NANOS = 60_000_000_000L;

  private final Consumer<String> remarks;
  private final HostClock clock;

  /// When the next message may be passed on, by the monotonic clock.
  private final AtomicLong next;

  /// @param remarks receives the messages, on any thread
  RareRemarks(Consumer<String> remarks, HostClock clock) {
    this.remarks = remarks;
    this.clock = clock;
    this.next = new AtomicLong(clock.nanoTime());
  }

  void say(String message) {
    long now = clock.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS)) {
      remarks.accept(message);
    }
  }

  /// Reports a bug. An OutOfMemoryError is passed to the thread's uncaught exception handler too.
  ///
  /// @param where what has failed, as the subject of a sentence
  void bug(String where, Throwable cause) {
    Failures.check(cause);
    say(where + " has failed, which is a bug: " + cause);
  }
}
