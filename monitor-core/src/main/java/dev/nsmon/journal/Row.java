package dev.nsmon.journal;

import dev.nsmon.log.Entry;

/// A row of the table `events`.
///
/// @param key the key of the row in the file
/// @param stream the stream that the key belongs to
/// @param entry the record, with its sequence number in that stream
record Row(long key, Streams.One stream, Entry entry) {}
