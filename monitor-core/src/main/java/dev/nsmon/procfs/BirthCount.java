package dev.nsmon.procfs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Counts births by the ids that one namespace got on each CPU, again and again.
///
/// The kernel's rule (`linux/cookie.h`): a CPU takes the next batch of 4096 ids from one counter
/// for all, uses it up, and takes another. Batch `b` has the ids `4096 b + 1` to `4096 b + 4096`.
/// So between two ids of one batch there were as many births on that CPU as numbers; a batch that
/// was left was used up; and a batch that was handed out and that no CPU has now was used up too.
final class BirthCount {
  private static final int BATCH = 4096;

  private Map<Integer, Long> last = Map.of();
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
    if (!last.isEmpty()) {
      total += between();
    }
    last = now;
  }

  private long between() {
    Set<Long> current = new HashSet<>();
    long newest = 0;
    for (long id : now.values()) {
      current.add(batch(id));
      newest = Math.max(newest, batch(id));
    }
    long newestBefore = 0;
    long births = 0;
    for (Map.Entry<Integer, Long> entry : last.entrySet()) {
      long before = entry.getValue();
      newestBefore = Math.max(newestBefore, batch(before));
      Long after = now.get(entry.getKey());
      if (after == null) {
        continue; // The CPU has gone: what it made since can't be told.
      }
      births +=
          batch(before) == batch(after)
              ? after - before - 1
              : (batch(before) + 1) * BATCH - before + after - batch(after) * BATCH - 1;
    }
    for (long batch = newestBefore + 1; batch < newest; batch++) {
      births += current.contains(batch) ? 0 : BATCH;
    }
    return births;
  }

  private static long batch(long id) {
    return (id - 1) / BATCH;
  }

  /// How many were born since the first round, less those that the rounds made.
  long total() {
    return total;
  }
}
