package dev.nsmon.log;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// One numbered record of the stream. Any thread may read it; what it says never changes.
///
/// One that comes from an [Archive] has been written down before: it carries the JSON that it was
/// told by, and makes an event of it again only if it is asked for one. One that was just told is
/// given its JSON by whoever is to write it down, so that nobody after has to encode it again.
public final class Entry {
  private final long seq;
  private final Kind kind;
  private final Instant time;
  private final Supplier<NamespaceEvent> event;

  /// Null until it is to be written down.
  private volatile byte[] json;

  /// One that was just told.
  ///
  /// @param seq contiguous within the stream, from 1. Where it is an `events-lost` that a cursor
  ///   made, it is the last number that was lost, so that a reader who resumes after it misses
  ///   nothing more.
  public Entry(long seq, NamespaceEvent event) {
    this(seq, event.kind(), event.sighting().time(), null, () -> event);
  }

  /// One that was written down.
  ///
  /// @param json the record as `JsonFormat` wrote it, without the line end; not to be changed
  /// @param event reads it; called each time the event is asked for
  public Entry(long seq, Kind kind, Instant time, byte[] json, Supplier<NamespaceEvent> event) {
    this.seq = seq;
    this.kind = kind;
    this.time = time;
    this.json = json;
    this.event = event;
  }

  public long seq() {
    return seq;
  }

  /// What kind of event it is, told without reading it.
  public Kind kind() {
    return kind;
  }

  /// The event's time, told without reading it.
  public Instant time() {
    return time;
  }

  /// The record as it was written down, without the line end; empty if it has not been yet. Not to
  /// be changed.
  public Optional<byte[]> json() {
    return Optional.ofNullable(json);
  }

  /// It has been written down.
  ///
  /// @param record as `JsonFormat` wrote it, without the line end; not to be changed any more
  public void writtenAs(byte[] record) {
    json = record;
  }

  public NamespaceEvent event() {
    return event.get();
  }

  @Override
  public String toString() {
    return seq + " " + kind;
  }
}
