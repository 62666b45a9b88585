package dev.nsmon.journal;

import java.util.function.LongSupplier;

/// Detects that the writer's thread hangs in a call to the disk. A call to a file system may return
/// late or never, without an error.
///
/// It compares samples a second apart. Elapsed time alone would mistake a stopped process, or one
/// with little CPU time, for a hanging disk.
final class Pulse {
  /// Number of samples in a row that must find the thread in the same call, with no CPU time used.
  /// A sync on a working disk takes far less time.
  static final int LOOKS = 5;

  private final LongSupplier cpuNanos;

  /// Incremented by each [#begins] and [#ends].
  private volatile long turns;

  /// True between [#begins] and [#ends], which set and clear it.
  private volatile boolean isAtDisk;

  /// True while the thread hangs. Set by [#look], cleared by [#recovers].
  private volatile boolean stuck;

  // The last sample, and how many samples in a row were equal. Only for the thread that calls
  // look().
  private long turnsSeen;
  private long cpuSeen;
  private int still;

  /// @param cpuNanos CPU time of the writer's thread in nanoseconds
  Pulse(LongSupplier cpuNanos) {
    this.cpuNanos = cpuNanos;
  }

  /// The thread begins work that may access the disk. Writer's thread.
  void begins() {
    isAtDisk = true;
    turn();
  }

  /// The thread ends its work and waits for more. Writer's thread.
  void ends() {
    isAtDisk = false;
    turn();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread only writes it
  private void turn() {
    turns++;
  }

  /// Takes a sample of the thread. Called about once a second, by one thread.
  ///
  /// @return true if the thread hangs, and did not at the previous sample
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

  /// True from the time when [#look] finds that the thread hangs, until [#recovers]. Any thread.
  boolean isStuck() {
    return stuck;
  }

  /// Ends the hanging state after a call to the disk has returned. Writer's thread.
  ///
  /// @return true if the thread was hanging
  boolean recovers() {
    boolean was = stuck;
    stuck = false;
    return was;
  }
}
