/// The event log's disk: one SQLite file that holds the events, where each sink has got to, and now
/// and then the whole state of the host, so that a restart of the monitor is only a long pause.
///
/// `Journal` is the one writer's side and `JournalReader` is for everybody else, in any process and
/// while it is being written. People may read it with `sqlite3` too: the view `readable` shows time
/// and kind in words.
package dev.nsmon.journal;
