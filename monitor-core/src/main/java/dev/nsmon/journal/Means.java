package dev.nsmon.journal;

import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;

/// The objects that the writer's thread uses. They stay the same when the file is opened again.
///
/// @param cursor the writer's cursor in the log
/// @param pulse watches the writer's thread
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
