package dev.nsmon.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// A histogram of durations, with their sum. One thread adds; any thread may read.
final class Durations {
  private static final double NANOS = 1e9;

  /// Upper bounds of the buckets in seconds. One more bucket counts longer durations.
  private static final double[] BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
  private volatile long totalNanos;

  void add(long nanos) {
    int at = 0;
    while (at < BOUNDS.length && nanos > BOUNDS[at] * NANOS) {
      at++;
    }
    counts.lazySet(at, counts.get(at) + 1);
    long total = totalNanos + nanos;
    totalNanos = total;
  }

  MonitorStats.Times times() {
    List<Long> now = new ArrayList<>(counts.length());
    for (int i = 0; i < counts.length(); i++) {
      now.add(counts.get(i));
    }
    return new MonitorStats.Times(Arrays.stream(BOUNDS).boxed().toList(), now, totalNanos / NANOS);
  }
}
