package dev.nsmon.log;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// A numbered record of the stream. Any thread may read it; its content never changes.
///
/// An entry from an [Archive] carries its JSON, and decodes the event only on request. A new entry
/// receives its JSON from the writer of the archive, so that no sink must encode it again.
public final class Entry {
  private final long seq;
  private final Kind kind;
  private final Instant time;
  private final Supplier<NamespaceEvent> event;

  /// Null in a new entry until [#writtenAs] sets it.
  private volatile byte[] json;

  /// An entry for a new event.
  ///
  /// @param seq contiguous within the stream, from 1. For an `events-lost` that a cursor creates,
  ///   it is the last lost number: a reader that resumes after it misses nothing more.
  public Entry(long seq, NamespaceEvent event) {
    this(seq, event.kind(), event.sighting().time(), null, () -> event);
  }

  /// An entry from an archive.
  ///
  /// @param json the record as `JsonFormat` wrote it, without the line end; must not be modified
  /// @param event decodes the record; called on each request for the event
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

  /// The kind of the event, without decoding it.
  public Kind kind() {
    return kind;
  }

  /// The time of the event, without decoding it.
  public Instant time() {
    return time;
  }

  /// The record as JSON, without the line end; empty if it is not encoded yet. Must not be
  /// modified.
  public Optional<byte[]> json() {
    return Optional.ofNullable(json);
  }

  /// Sets the JSON of the record. Called on behalf of the archive's writer; any thread.
  ///
  /// @param record as `JsonFormat` wrote it, without the line end; must not be modified any more
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
