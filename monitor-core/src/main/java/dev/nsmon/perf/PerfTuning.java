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
/// @param stormNanos the longest pause while many come and none matters. To wake up costs more than
///   to read the records of that time: 50 µs in a virtual machine, whatever the language. With
///   30,000 forks a second they are 60 KiB, which the cache of a core still holds.
/// @param idleNanos the longest pause. Each wake-up costs 50 µs and more there, with caches gone
///   cold: forty a second are 0.3 to 0.5 % of a core.
record PerfTuning(
    int ringBytes,
    Path onlineCpus,
    long holdNanos,
    long busyNanos,
    long stormNanos,
    long idleNanos) {
  static final PerfTuning DEFAULT =
      new PerfTuning(
          4 << 20,
          Path.of("/sys/devices/system/cpu/online"),
          1_000_000,
          2_000_000,
          8_000_000,
          25_000_000);
}
