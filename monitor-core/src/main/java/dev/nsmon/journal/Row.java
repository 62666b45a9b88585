package dev.nsmon.journal;

import dev.nsmon.log.Entry;

/// A row of the table `events`.
///
/// @param key its number in the file
/// @param stream the stream that it belongs to
/// @param entry the record, with its number in that stream
record Row(long key, Streams.One stream, Entry entry) {}
