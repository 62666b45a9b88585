/// The journal: one SQLite file with the events, the cursors of the sinks, and checkpoints of the
/// host's state. With it, a restarted monitor continues its stream, and sinks continue at their
/// cursors.
///
/// `Journal` is for the one monitor that writes the file. `JournalReader` is for readers in any
/// process, also while a monitor writes. The file can be read with `sqlite3` too: the view
/// `readable` shows times and kinds as text.
package dev.nsmon.journal;
