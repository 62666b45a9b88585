package dev.nsmon.procfs;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The ids that the kernel gave to one namespace on each CPU at some moment, by CPU. From those of
/// two moments follows how many namespaces were born between them.
///
/// The kernel's rule (`linux/cookie.h`): a CPU takes the next batch of 4096 ids from one counter
/// for all, uses it up, and takes another. Batch `b` has the ids `4096 b + 1` to `4096 b + 4096`.
/// So between two ids of one batch there were as many births on that CPU as numbers; a batch that
/// was left was used up; and a batch that was handed out and that no CPU has now was used up too.
public record BirthIds(Map<Integer, Long> byCpu) {
  private static final int BATCH = 4096;
  private static final Pattern TEXT = Pattern.compile("\\d{1,5}:\\d{1,18}( \\d{1,5}:\\d{1,18})*");

  public BirthIds {
    byCpu = Map.copyOf(byCpu);
  }

  /// What [#toString] gives, read back; empty if it is something else.
  public static Optional<BirthIds> parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      return Optional.empty();
    }
    Map<Integer, Long> byCpu = new TreeMap<>();
    for (String pair : text.split(" ", -1)) {
      int colon = pair.indexOf(':');
      byCpu.put(Integer.valueOf(pair.substring(0, colon)), Long.valueOf(pair.substring(colon + 1)));
    }
    return Optional.of(new BirthIds(byCpu));
  }

  /// How many were born after these ids and before those; empty if a CPU has gone in between.
  public OptionalLong until(BirthIds later) {
    return later.byCpu.keySet().containsAll(byCpu.keySet())
        ? OptionalLong.of(atLeastUntil(later))
        : OptionalLong.empty();
  }

  /// The same, but without what a CPU has made since that has gone.
  long atLeastUntil(BirthIds later) {
    Set<Long> current = later.batches();
    long births = 0;
    for (Map.Entry<Integer, Long> entry : byCpu.entrySet()) {
      long before = entry.getValue();
      Long after = later.byCpu.get(entry.getKey());
      if (after == null) {
        continue;
      }
      births +=
          batch(before) == batch(after)
              ? after - before - 1
              : (batch(before) + 1) * BATCH - before + after - batch(after) * BATCH - 1;
    }
    for (long batch = newest() + 1; batch < later.newest(); batch++) {
      births += current.contains(batch) ? 0 : BATCH;
    }
    return births;
  }

  /// Whether a namespace of this id was born after these and before those.
  public boolean isBetween(long id, BirthIds later) {
    long batch = batch(id);
    for (Map.Entry<Integer, Long> entry : byCpu.entrySet()) {
      if (batch(entry.getValue()) == batch && id <= entry.getValue()) {
        return false;
      }
    }
    for (long after : later.byCpu.values()) {
      if (batch(after) == batch && id >= after) {
        return false;
      }
    }
    return (batch > newest() || batches().contains(batch)) && batch <= later.newest();
  }

  private Set<Long> batches() {
    Set<Long> batches = new HashSet<>();
    byCpu.values().forEach(id -> batches.add(batch(id)));
    return batches;
  }

  private long newest() {
    return byCpu.values().stream().mapToLong(BirthIds::batch).max().orElse(-1);
  }

  private static long batch(long id) {
    return (id - 1) / BATCH;
  }

  /// `0:4097 1:8200`.
  @Override
  public String toString() {
    return new TreeMap<>(byCpu)
        .entrySet().stream()
            .map(entry -> entry.getKey() + ":" + entry.getValue())
            .collect(Collectors.joining(" "));
  }
}
