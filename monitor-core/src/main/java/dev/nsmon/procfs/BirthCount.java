package dev.nsmon.procfs;

import java.util.HashMap;
import java.util.Map;

/// Counts births by the ids that one namespace got on each CPU, again and again: see [BirthIds].
/// What a CPU has made that has gone can't be told.
final class BirthCount {
  private BirthIds last = new BirthIds(Map.of());
  private Map<Integer, Long> now = new HashMap<>();
  private long total;

  /// A round begins.
  void begin() {
    now = new HashMap<>();
  }

  /// The namespace made on this CPU has this id.
  void made(int cpu, long id) {
    now.put(cpu, id);
  }

  /// The round is complete. The first is what later ones are counted from.
  void end() {
    BirthIds round = new BirthIds(now);
    if (!last.byCpu().isEmpty()) {
      total += last.atLeastUntil(round);
    }
    last = round;
  }

  /// Those of the last round.
  BirthIds last() {
    return last;
  }

  /// How many were born since the first round, less those that the rounds made.
  long total() {
    return total;
  }
}
