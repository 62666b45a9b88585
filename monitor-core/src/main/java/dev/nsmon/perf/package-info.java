/// The kernel's perf records of tasks and their namespaces, for the whole host.
///
/// ```
/// CPU 0 ─> ring ─┐  by time              dismisses                ┌─> Push.Batch, with how far
/// CPU 1 ─> ring ─┼─> RingMerge ─> Sieve ─────────> KernelRecord ──┤
/// ...            │                what can't be news              │
///                └─> PerfCpus: counters, CPUs that come and go ───┴─> Push.Lost
/// ```
///
/// Nothing here reads /proc, but for what this process itself is in. [dev.nsmon.perf.PerfCheck]
/// says whether it can be had.
package dev.nsmon.perf;
