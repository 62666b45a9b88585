package dev.nsmon.websocket;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last frames of one framing, shared by all clients that want it: each record is encoded once.
/// While nobody wants it, nothing is encoded. One thread appends, the clients' event loops read.
final class FrameRing {
  private final FrameEncoder encoder;
  private final long capacity;

  /// In order; nothing is added to any but the last.
  private final List<Segment> segments = new ArrayList<>();

  private long bytes;
  private int readers;

  /// All numbers from here on are here or still to come.
  private long start;

  /// The number after the last that was appended, or would have been.
  private long end;

  /// @param capacity in bytes; what is older is dropped
  /// @param next the first number that will be appended
  FrameRing(FrameEncoder encoder, long capacity, long next) {
    this.encoder = encoder;
    this.capacity = capacity;
    this.start = next;
    this.end = next;
  }

  /// A client wants it.
  synchronized void join() {
    readers++;
  }

  /// A client wants it no more.
  synchronized void leave() {
    readers--;
    if (readers == 0) {
      clear();
    }
  }

  /// What is there is dropped; what comes is still kept.
  synchronized void clear() {
    // The last one may just be written to: who writes has a reference of its own.
    segments.forEach(Segment::release);
    segments.clear();
    bytes = 0;
    start = end;
  }

  /// Adds these.
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

  /// The segment to write to, with a reference; null if nobody wants it.
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

  /// An `events-lost` has the last of the numbers that it stands for.
  private static long firstOf(Entry entry) {
    return entry.kind() == Kind.EVENTS_LOST && entry.event() instanceof EventsLost lost
        ? lost.first().orElse(entry.seq())
        : entry.seq();
  }

  /// Whether one who wants this number next finds it here, now or later.
  synchronized boolean covers(long next) {
    return next >= start;
  }

  /// The segment that this number is in or will be in, with a reference; empty if there is none
  /// yet.
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
