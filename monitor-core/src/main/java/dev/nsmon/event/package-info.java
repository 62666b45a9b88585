/// Events: what has changed on the host, the rules that mark some of them, filters, and the state
/// that events add up to.
///
/// [dev.nsmon.event.SnapshotDiff] computes the events of changes from two snapshots. No source
/// creates an event. The control record `events-lost` comes from the monitor, the log and its
/// readers. Start reading at [dev.nsmon.event.NamespaceEvent].
package dev.nsmon.event;
