package dev.nsmon.websocket;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The latest frames of one framing, shared by all its clients, so that each record is encoded
/// once. Without clients nothing is encoded. One thread appends, event loops read.
final class FrameRing {
  private final FrameEncoder encoder;
  private final long capacity;

  /// In order of their numbers. Frames are added to the last one only.
  private final List<Segment> segments = new ArrayList<>();

  private long bytes;
  private int readers;

  /// Records from this number on are in the ring or will be.
  private long start;

  /// Number after the last record that was passed to [#append], whether encoded or not.
  private long end;

  /// @param capacity in bytes; beyond it the oldest segments are dropped
  /// @param next number of the first record that will be appended
  FrameRing(FrameEncoder encoder, long capacity, long next) {
    this.encoder = encoder;
    this.capacity = capacity;
    this.start = next;
    this.end = next;
  }

  /// Counts a client in.
  synchronized void join() {
    readers++;
  }

  /// Counts a client out. After the last one, all frames are dropped.
  synchronized void leave() {
    readers--;
    if (readers == 0) {
      clear();
    }
  }

  /// Drops all frames. Later records are still added while there are clients.
  synchronized void clear() {
    // [#append] may be writing to the last segment; it has a reference of its own.
    segments.forEach(Segment::release);
    segments.clear();
    bytes = 0;
    start = end;
  }

  /// Encodes and adds records, in order of their numbers.
  void append(List<Entry> entries) {
    Segment last = begin(entries.getFirst());
    if (last == null) {
      skip(entries);
      return;
    }
    try {
      for (Entry entry : entries) {
        encoder.encode(entry);
        if (!last.add(entry, encoder)) {
          last = follow(last, entry);
        }
      }
    } finally {
      last.release();
    }
    skip(entries);
  }

  /// The segment to write to, with a reference for the caller; null if there are no clients.
  private synchronized Segment begin(Entry first) {
    if (readers == 0) {
      return null;
    }
    if (segments.isEmpty()) {
      start = Math.max(start, firstOf(first));
      add(Segment.forRing(start, 0));
    }
    segments.getLast().retain();
    return segments.getLast();
  }

  private synchronized void skip(List<Entry> entries) {
    end = entries.getLast().seq() + 1;
    if (segments.isEmpty()) {
      start = end;
    }
  }

  private synchronized Segment follow(Segment full, Entry entry) {
    Segment next = Segment.forRing(firstOf(entry), encoder.length());
    next.add(entry, encoder);
    boolean cleared = segments.isEmpty();
    add(next);
    if (cleared) {
      start = next.from();
    }
    next.retain();
    full.seal();
    full.release();
    return next;
  }

  private void add(Segment segment) {
    segments.add(segment);
    bytes += segment.size();
    while (bytes > capacity && segments.size() > 1) {
      Segment oldest = segments.removeFirst();
      bytes -= oldest.size();
      oldest.release();
      start = segments.getFirst().from();
    }
  }

  /// The first number that an entry stands for. An `events-lost` has the last number of its range
  /// as its own.
  private static long firstOf(Entry entry) {
    return entry.kind() == Kind.EVENTS_LOST && entry.event() instanceof EventsLost lost
        ? lost.first().orElse(entry.seq())
        : entry.seq();
  }

  /// Whether the record with this number is in the ring or will be.
  synchronized boolean covers(long next) {
    return next >= start;
  }

  /// The segment for the record with this number, with a reference for the caller. The record may
  /// not be in it yet. Empty if there is no such segment yet.
  synchronized Optional<Segment> find(long next) {
    for (int i = segments.size() - 1; i >= 0; i--) {
      if (segments.get(i).from() <= next) {
        segments.get(i).retain();
        return Optional.of(segments.get(i));
      }
    }
    return Optional.empty();
  }
}
