package dev.nsmon.perf;

/// Reads the rings of all CPUs as one: the records in the order of their times. A child may run on
/// another CPU than its parent, and its first records are in another ring than its fork.
final class RingMerge {
  private RingMerge() {}

  /// Hands the sieve every record that is older than `until`, and leaves the rest where it is;
  /// whether one of the rings was filling up.
  static boolean drain(PerfRing[] rings, long until, Sieve sieve) {
    boolean filling = false;
    for (PerfRing ring : rings) {
      filling |= ring.look();
    }
    while (true) {
      PerfRing first = null;
      long earliest = until;
      long next = until;
      for (PerfRing ring : rings) {
        if (ring.time < earliest) {
          next = earliest;
          earliest = ring.time;
          first = ring;
        } else if (ring.time < next) {
          next = ring.time;
        }
      }
      if (first == null) {
        break;
      }
      // Mostly one CPU writes many records while the others write none.
      do {
        sieve.take(first.words, first.at, first.longs);
        first.next();
        first.pass(sieve, next);
      } while (first.time < next);
    }
    for (PerfRing ring : rings) {
      ring.release();
    }
    return filling;
  }
}
