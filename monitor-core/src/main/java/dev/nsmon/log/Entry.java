package dev.nsmon.log;

import dev.nsmon.event.NamespaceEvent;

/// One numbered record of the stream.
///
/// @param seq contiguous within the stream, from 1. Where it is an `events-lost` that a cursor
///   made, it is the last number that was lost, so that a reader who resumes after it misses
///   nothing more.
public record Entry(long seq, NamespaceEvent event) {}
