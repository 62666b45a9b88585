package dev.nsmon.monitor;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Has the heap collected before it grows.
///
/// What the log holds outlives the young generation, so all of it dies in the old one; and the
/// serial collector lets that grow up to the limit of the heap before it looks for what is dead
/// there. A monitor that has told a million events would have half a gigabyte, most of it garbage.
///
/// A collection stops all threads, for as long as what is alive takes to be moved: some 50 ms for
/// 50 MiB. What the kernel has room for must be more; and there is none before ten times as long
/// has passed as the last one took, so that a tenth of the time is the most that goes into them.
///
/// Used by one thread.
public final class HeapKeeper {
  /// How much garbage is worth a collection.
  private static final long GARBAGE = 12L << 20;

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier used;
  private final LongSupplier nanoTime;
  private final Runnable collection;

  /// In use after the last collection.
  private long alive;

  private long lookedNanos;
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  /// Of this JVM.
  ///
  /// @param nanoTime measures how long collections take
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

  /// To be called often; costs nothing unless something is due.
  public void consider() {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos < pauseNanos) {
      return;
    }
    lookedNanos = now;
    // Half as much again where much is alive: the work of a collection is to pay.
    if (used.getAsLong() - alive >= Math.max(GARBAGE, alive / 2)) {
      collection.run();
      alive = used.getAsLong();
      lookedNanos = nanoTime.getAsLong();
      pauseNanos = Math.max(SHORTEST_PAUSE_NANOS, 10 * (lookedNanos - now));
    }
  }
}
