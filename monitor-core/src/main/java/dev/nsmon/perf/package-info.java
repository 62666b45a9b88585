/// Push source for perf records: what every task on the host does to its namespaces.
///
/// ```
/// CPU 0 ─> ring ─┐  by time              drops what              ┌─> Push.Batch, with watermark
/// CPU 1 ─> ring ─┼─> RingMerge ─> Sieve ─────────> KernelRecord ─┤
/// ...            │                is irrelevant                  │
///                └─> PerfCpus: counters, CPU hotplug ────────────┴─> Push.Lost
/// ```
///
/// Start reading at [dev.nsmon.perf.PerfSource], which runs this on a thread named `perf`. The
/// package reads nothing of /proc except this process's own namespaces. [dev.nsmon.perf.PerfCheck]
/// probes whether the kernel allows it.
package dev.nsmon.perf;
