package dev.nsmon.perf;

import java.nio.file.Path;

/// How much is buffered and how often it is drained.
///
/// @param ringBytes of one CPU's ring, a power of two; fewer where they don't fit
/// @param onlineCpus the file that lists the CPUs which are in use
/// @param holdNanos how old a record must be to be handed over. The kernel takes its time stamp a
///   little before the record can be seen, and a virtual CPU may be held up in between: what is
///   younger may still be overtaken by a record of another CPU.
/// @param busyNanos the pause between two drains while records come that matter, or a ring fills
/// @param idleNanos the longest pause while few come and none matters
/// @param stormNanos the longest pause while very many come and none matters. To wake up costs 70
///   to 150 µs in a virtual machine, with caches gone cold, which is as much as to read 3,000
///   records. Of 30,000 forks a second they are 400 KiB, a tenth of the ring.
/// @param readFormat the counters that `read(2)` of an event is to yield: `PERF_FORMAT_*` bits of
///   `perf_event_open(2)`. Without `PERF_FORMAT_LOST` it is as before Linux 6.0.
record PerfTuning(
    int ringBytes,
    Path onlineCpus,
    long holdNanos,
    long busyNanos,
    long idleNanos,
    long stormNanos,
    long readFormat) {
  static final PerfTuning DEFAULT =
      new PerfTuning(
          4 << 20,
          Path.of("/sys/devices/system/cpu/online"),
          1_000_000,
          2_000_000,
          25_000_000,
          50_000_000,
          PerfAttr.FORMAT_TOTAL_TIME_ENABLED | PerfAttr.FORMAT_LOST);
}
