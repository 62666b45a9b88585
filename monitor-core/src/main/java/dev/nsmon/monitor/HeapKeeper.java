package dev.nsmon.monitor;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Runs a garbage collection before the heap grows.
///
/// Entries of the log outlive the young generation and become garbage in the old one. The serial
/// collector lets the old generation grow to the heap limit before it collects it. After a million
/// events the heap would have half a gigabyte, most of it garbage.
///
/// A collection stops all threads while it moves live objects: some 50 ms for 50 MiB. The kernel's
/// buffers must hold the records of a longer time. The next collection comes at the earliest after
/// ten times the duration of the last one. Collections therefore take at most a tenth of the time.
///
/// Used by one thread.
public final class HeapKeeper {
  /// The least garbage that is worth a collection, in bytes.
  private static final long GARBAGE = 12L << 20;

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier used;
  private final LongSupplier nanoTime;
  private final Runnable collection;

  /// Heap in use after the last collection, in bytes; 0 before the first.
  private long alive;

  // The heap was checked or collected at lookedNanos; the next check is pauseNanos later.
  private long lookedNanos;
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  /// A keeper for the heap of this JVM.
  ///
  /// @param nanoTime monotonic time in nanoseconds, to measure collections
  public HeapKeeper(LongSupplier nanoTime) {
    this(HeapKeeper::used, nanoTime, System::gc);
  }

  HeapKeeper(LongSupplier used, LongSupplier nanoTime, Runnable collection) {
    this.used = used;
    this.nanoTime = nanoTime;
    this.collection = collection;
    this.lookedNanos = nanoTime.getAsLong();
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Runs a collection if enough garbage may have accumulated. To be called often: most calls only
  /// read the clock.
  public void consider() {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos < pauseNanos) {
      return;
    }
    lookedNanos = now;
    // Half of the live heap if that is more: a collection takes longer if more is live.
    if (used.getAsLong() - alive >= Math.max(GARBAGE, alive / 2)) {
      collection.run();
      alive = used.getAsLong();
      lookedNanos = nanoTime.getAsLong();
      pauseNanos = Math.max(SHORTEST_PAUSE_NANOS, 10 * (lookedNanos - now));
    }
  }
}
