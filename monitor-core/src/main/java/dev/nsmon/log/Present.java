package dev.nsmon.log;

import dev.nsmon.namespace.Snapshot;

/// The state of the host between two entries of the log.
///
/// @param seq number of the last entry that the state includes; 0 before the first
public record Present(long seq, Snapshot snapshot) {}
