package dev.nsmon.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The table `streams`: maps keys of a file to streams and sequence numbers. Immutable.
///
/// Keys number the rows of a file across all its streams and grow. The newest stream has the
/// highest keys, and only it grows.
final class Streams {
  private final List<One> all;

  /// A stream in a file.
  ///
  /// @param first key of the stream's record number 1, whether or not the file has that record
  record One(long first, String stream) {
    /// The key of the record with this sequence number.
    long key(long seq) {
      return first - 1 + seq;
    }

    /// The sequence number of the record with this key; 0 or less for a key before this stream.
    long seq(long key) {
      return key - first + 1;
    }
  }

  private Streams(List<One> all) {
    this.all = List.copyOf(all);
  }

  /// Reads the streams of a file, also of one that was not migrated.
  ///
  /// @throws JournalFault if there are none, or they are damaged
  static Streams read(Connection connection) throws SQLException, JournalFault {
    boolean isOld =
        Schema.number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'streams'") == 0;
    List<One> all = isOld ? ofOldSchema(connection) : new ArrayList<>();
    if (!isOld) {
      try (Statement sql = connection.createStatement();
          ResultSet row =
              sql.executeQuery("SELECT first, stream, crc FROM streams ORDER BY first")) {
        while (row.next()) {
          One one = new One(row.getLong(1), row.getString(2));
          if (one.stream() == null || crc(one) != row.getInt(3)) {
            throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (a stream's name)");
          }
          all.add(one);
        }
      }
    }
    if (all.isEmpty()) {
      throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (it names no stream)");
    }
    return new Streams(all);
  }

  /// Reads the only stream of a file of version 1 or 2. Returns an empty list if the file does not
  /// name it.
  static List<One> ofOldSchema(Connection connection) throws SQLException {
    List<One> all = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT value FROM meta WHERE name = 'stream'")) {
      if (row.next() && row.getString(1) != null && !row.getString(1).isEmpty()) {
        all.add(new One(1, row.getString(1)));
      }
    }
    return all;
  }

  /// Adds a stream to a file, within a transaction of the caller.
  static void write(Connection connection, One one) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO streams(first, stream, crc) VALUES (?, ?, ?)")) {
      insert.setLong(1, one.first());
      insert.setString(2, one.stream());
      insert.setInt(3, crc(one));
      insert.executeUpdate();
    }
  }

  private static int crc(One one) {
    byte[] stream = one.stream().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + stream.length).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(bytes.putLong(one.first()).put(stream).flip());
    return (int) crc.getValue();
  }

  /// These streams and a newer one.
  Streams with(One newest) {
    List<One> more = new ArrayList<>(all);
    more.add(newest);
    return new Streams(more);
  }

  /// The stream that the record with this key belongs to.
  One of(long key) {
    for (int i = all.size() - 1; i > 0; i--) {
      if (all.get(i).first() <= key) {
        return all.get(i);
      }
    }
    return all.getFirst();
  }

  /// The newest stream. A monitor appends to this one.
  One newest() {
    return all.getLast();
  }

  /// All other streams, the oldest first.
  List<One> earlier() {
    return all.subList(0, all.size() - 1);
  }

  boolean contains(One one) {
    return all.contains(one);
  }

  /// The first key after this stream; [Long#MAX_VALUE] for the newest.
  long end(One one) {
    int next = all.indexOf(one) + 1;
    return next == all.size() ? Long.MAX_VALUE : all.get(next).first();
  }
}
