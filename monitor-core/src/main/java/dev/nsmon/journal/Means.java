package dev.nsmon.journal;

import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;

/// What the writer's thread works with, be the file open or not.
///
/// @param cursor reads the log for the writer
/// @param pulse of the writer's thread
record Means(
    JournalSettings settings,
    HostClock clock,
    Opener opener,
    ReadPool pool,
    EventLog log,
    EventLog.Cursor cursor,
    RecordEncoder encoder,
    StateMaker states,
    Notes notes,
    Backlogs backlogs,
    Pulse pulse) {}
