package dev.nsmon.journal;

import java.util.function.LongSupplier;

/// Detects that the writer's thread hangs in a call to the disk: a file system may return late or
/// never, without an error.
///
/// It compares samples a second apart. Elapsed time alone would mistake a stopped process, or one
/// with little CPU time, for a hanging disk.
final class Pulse {
  /// The thread hangs if this many samples in a row find it in the same call with no CPU time used.
  /// A sync on a working disk takes far less.
  static final int LOOKS = 5;

  private final LongSupplier cpuNanos;

  /// Grows with each turn to the disk and each return from it.
  private volatile long turns;

  /// True between [#begins] and [#ends], which set and clear it.
  private volatile boolean isAtDisk;

  /// The thread hangs. Set by [#look], cleared by [#recovers].
  private volatile boolean stuck;

  // The last sample, and how many in a row were equal. For the caller of look().
  private long turnsSeen;
  private long cpuSeen;
  private int still;

  /// @param cpuNanos CPU time that the writer's thread has used
  Pulse(LongSupplier cpuNanos) {
    this.cpuNanos = cpuNanos;
  }

  /// The thread turns to the disk. Writer's thread.
  void begins() {
    isAtDisk = true;
    turn();
  }

  /// It waits for something to do. Writer's thread.
  void ends() {
    isAtDisk = false;
    turn();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread only writes it
  private void turn() {
    turns++;
  }

  /// Looks at the thread. To be called about once a second, by one thread.
  ///
  /// @return whether it is stuck, and was not at the look before
  boolean look() {
    long now = turns;
    long cpu = cpuNanos.getAsLong();
    still = isAtDisk && now == turnsSeen && cpu == cpuSeen ? still + 1 : 0;
    turnsSeen = now;
    cpuSeen = cpu;
    if (still < LOOKS || stuck) {
      return false;
    }
    stuck = true;
    return true;
  }

  /// Whether it has not come back from the disk since [#look] found it stuck. Any thread.
  boolean isStuck() {
    return stuck;
  }

  /// It has come back. Writer's thread.
  ///
  /// @return whether it was stuck
  boolean recovers() {
    boolean was = stuck;
    stuck = false;
    return was;
  }
}
