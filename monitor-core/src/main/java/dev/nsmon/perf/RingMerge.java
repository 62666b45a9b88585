package dev.nsmon.perf;

/// Merges the rings of all CPUs in the order of time. A child may run on another CPU than its
/// parent, so its first records can be in another ring than the record of its fork.
final class RingMerge {
  private RingMerge() {}

  /// Passes every record older than `until` to the filter and leaves the others in their rings.
  /// True if a ring was more than a quarter full.
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
      // Most often one CPU writes many records in a row while the others write none.
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
