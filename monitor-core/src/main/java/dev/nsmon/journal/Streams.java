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

/// The table `streams`: which stream the records of a file belong to. Immutable.
///
/// The rows of a file are numbered by keys, which grow over all of its streams, the newest of which
/// has the highest. Only the newest stream grows.
final class Streams {
  private final List<One> all;

  /// A stream in a file.
  ///
  /// @param first the key that the stream's record number 1 has, whether or not the file has it
  record One(long first, String stream) {
    /// The key of the record of this number.
    long key(long seq) {
      return first - 1 + seq;
    }

    /// The number of the record of this key; 0 or less for what stands before this stream.
    long seq(long key) {
      return key - first + 1;
    }
  }

  private Streams(List<One> all) {
    this.all = List.copyOf(all);
  }

  /// Those of a file, also of one that has not been migrated.
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

  /// Up to version 2 a file had one stream.
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

  /// Adds one to a file, within a transaction.
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

  /// These and a newer one.
  Streams with(One newest) {
    List<One> more = new ArrayList<>(all);
    more.add(newest);
    return new Streams(more);
  }

  /// The stream that the record of this key belongs to.
  One of(long key) {
    for (int i = all.size() - 1; i > 0; i--) {
      if (all.get(i).first() <= key) {
        return all.get(i);
      }
    }
    return all.getFirst();
  }

  /// The stream that grows, or that the next monitor goes on with.
  One newest() {
    return all.getLast();
  }

  /// All others, the oldest first.
  List<One> earlier() {
    return all.subList(0, all.size() - 1);
  }

  boolean contains(One one) {
    return all.contains(one);
  }

  /// The first key after a stream's; [Long#MAX_VALUE] for the newest.
  long end(One one) {
    int next = all.indexOf(one) + 1;
    return next == all.size() ? Long.MAX_VALUE : all.get(next).first();
  }
}
