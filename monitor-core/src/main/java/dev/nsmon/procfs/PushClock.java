package dev.nsmon.procfs;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.proc.ProcFs;
import java.time.Instant;

/// Converts the times of kernel records, which are CLOCK_MONOTONIC, to wall clock and to time since
/// boot, which goes on while the host is suspended. Both may have moved since the last batch.
final class PushClock {
  /// The kernel stamps a process somewhat before its record, and a tick is 10 ms long.
  static final int SLACK_TICKS = 5;

  private final HostClock host;
  private final ProcFs proc;
  private Instant wallNow = Instant.EPOCH;
  private long now;
  private long bootOffset;

  PushClock(HostClock host, ProcFs proc) {
    this.host = host;
    this.proc = proc;
  }

  /// Sets it: a batch begins.
  void begin() {
    now = host.nanoTime();
    wallNow = host.instant();
    bootOffset = proc.bootNanos() - now;
  }

  /// The time now, whenever it was set.
  long nanoTime() {
    return host.nanoTime();
  }

  /// When it was set.
  long now() {
    return now;
  }

  Instant wallNow() {
    return wallNow;
  }

  /// Wall clock of a record.
  Instant wall(long nanos) {
    return wallNow.plusNanos(nanos - now);
  }

  /// Ticks since boot of a record, as `/proc/PID/stat` counts them.
  long ticks(long nanos) {
    return (nanos + bootOffset) / ProcFs.TICK_NANOS;
  }
}
