package dev.nsmon.journal;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.format.JsonReader;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/// Converts rows of the table `events` to entries, and checks their checksums. Used by one thread
/// at a time.
final class Rows {
  static final String READ =
      "SELECT seq, time, kind, crc, record FROM events WHERE seq >= ? ORDER BY seq LIMIT ?";

  /// Total size of records, in bytes, after which [#read] returns no more rows.
  private static final long READ_BYTES = 2 << 20;

  private final JsonReader json = new JsonReader();
  private final CRC32C crc = new CRC32C();
  private final InstantSource clock;
  private Kinds kinds = new Kinds();
  private final ByteBuffer head = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);

  /// @param clock gives the time of the `events-lost` that stands for a damaged row
  Rows(InstantSource clock) {
    this.clock = clock;
  }

  /// Reads the table `kinds` of this file. Called before rows of a file are read or written.
  void of(Connection connection) throws SQLException {
    kinds = Kinds.read(connection);
  }

  /// The number of this kind in the file.
  int code(Kind kind) throws SQLException {
    return kinds.code(kind);
  }

  /// The CRC-32C checksum of a row.
  int crc(long key, long micros, int kind, byte[] record) {
    head.clear().putLong(key).putLong(micros).putInt(kind).flip();
    crc.reset();
    crc.update(head);
    crc.update(record, 0, record.length);
    return (int) crc.getValue();
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /// Reads rows from this key on, in order: at most `max`, and fewer if they are large. A damaged
  /// row is returned as an `events-lost`.
  ///
  /// @param select the prepared statement [#READ]
  /// @param streams the streams of the file
  /// @throws JournalFault if the rows are out of order
  List<Row> read(PreparedStatement select, long from, int max, Streams streams)
      throws SQLException, JournalFault {
    List<Row> rows = new ArrayList<>(Math.min(max, 1024));
    select.setLong(1, from);
    select.setInt(2, max);
    long bytes = 0;
    long before = from - 1;
    try (ResultSet row = select.executeQuery()) {
      while (bytes < READ_BYTES && row.next()) {
        long key = row.getLong(1);
        if (key <= before) {
          throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (rows out of order)");
        }
        before = key;
        byte[] record = row.getBytes(5);
        boolean isHarmed =
            record == null || crc(key, row.getLong(2), row.getInt(3), record) != row.getInt(4);
        Streams.One stream = streams.of(key);
        long seq = stream.seq(key);
        Entry entry =
            isHarmed
                ? lost(seq, seq, 1, clock.instant())
                : entry(seq, row.getLong(2), row.getInt(3), record);
        rows.add(new Row(key, stream, entry));
        bytes += record == null ? 0 : record.length;
      }
    }
    return rows;
  }

  private Entry entry(long seq, long micros, int code, byte[] record) {
    Kind kind = kinds.kind(code).orElseGet(() -> event(record).kind());
    return new Entry(seq, kind, time(micros), record, () -> event(record));
  }

  private NamespaceEvent event(byte[] record) {
    try {
      return json.read(record).event();
    } catch (IOException e) {
      // The checksum is correct, so the record is as it was written. This is a bug.
      throw new UncheckedIOException(e);
    }
  }

  /// Makes an `events-lost` for a range of sequence numbers. Its own number is the last one.
  static Entry lost(long first, long last, long count, Instant time) {
    return new Entry(
        last,
        new EventsLost(
            new Sighting(time, Optional.empty(), Source.POLL),
            EventsLost.Where.LOG,
            OptionalLong.of(first),
            OptionalLong.of(last),
            OptionalLong.of(count)));
  }
}
