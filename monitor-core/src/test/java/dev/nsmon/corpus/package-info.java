/// What is known of a host, tested where it comes in and where it goes out: a simulated kernel
/// answers system calls, records of it are delivered, and events are expected.
///
/// ```
/// Scenario ─ verbs ─> Host ──┬─ system calls ─> SimulatedKernel ─┐
///                            └─ kernel records ──────────────────┴─> Subject ─ events ─> Scenario
/// ```
///
/// [dev.nsmon.corpus.Subject] is the only class that knows how the product is built. Each scenario
/// runs on several [dev.nsmon.corpus.KernelKind]s. What the simulated kernel answers is compared
/// with the real one in `FakeKernelIT`.
package dev.nsmon.corpus;
