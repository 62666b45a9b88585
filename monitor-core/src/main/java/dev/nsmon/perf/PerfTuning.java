package dev.nsmon.perf;

import java.nio.file.Path;

/// Buffer sizes and timing of a [PerfSource].
///
/// @param ringBytes size of one CPU's ring, a power of two; halved as often as the memory limits
///   need
/// @param onlineCpus the file that lists the online CPUs
/// @param holdNanos the age at which a record is read. The kernel takes the time stamp a little
///   before it publishes the record, and a virtual CPU may be paused in between. A younger record
///   may therefore still be preceded by one from another CPU.
/// @param busyNanos the pause between two drains while relevant records come or a ring fills
/// @param idleNanos the longest pause while there are few records and none is relevant
/// @param stormNanos the longest pause while there are very many records and none is relevant. A
///   wake-up costs 70 to 150 µs in a virtual machine with cold caches, as much as reading 3,000
///   records. At 30,000 forks a second, 400 KiB gather in such a pause: a tenth of the ring.
/// @param readFormat the counters that `read(2)` of an event yields: `PERF_FORMAT_*` bits of
///   `perf_event_open(2)`. Without `PERF_FORMAT_LOST` the source behaves as before Linux 6.0.
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
