package dev.nsmon.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables of a journal.
///
/// Times are microseconds since the epoch. A record is the JSON line of the event without its line
/// end.
///
/// A file may hold several streams, one after the other. Everywhere in the file, an event is
/// identified by its key: in `seq`, `first_seq` and `next`, and in the table `unused`. The table
/// `streams` maps a key to a stream and to a sequence number in it ([Streams]).
///
/// Version 1 was that of nsmon 0.1, where the number of a kind was its ordinal. Since version 2,
/// the table `kinds` of the file defines these numbers, and there is the table `unused`. Since
/// version 3, the table `streams` replaces `meta`, which had the name of the only stream. A sink
/// then has a cursor in each stream.
final class Schema {
  /// The letters "nsmn". `file(1)` and `PRAGMA application_id` show the number.
  static final int APPLICATION_ID = 0x6e736d6e;

  static final int VERSION = 3;

  /// Page size in bytes, found by measurement. A smaller page wastes space at the end of each page.
  /// A larger page makes each small commit more expensive.
  static final int PAGE_BYTES = 8192;

  private static final String UNUSED =
      """
      CREATE TABLE IF NOT EXISTS unused(
        first INTEGER PRIMARY KEY,  -- from here
        last INTEGER NOT NULL) STRICT  -- to here no number was used: nothing is missing\
      """;

  private static final String STREAMS =
      """
      CREATE TABLE streams(
        first INTEGER PRIMARY KEY,  -- the key that its record number 1 has, be it there or not
        stream TEXT NOT NULL,
        crc INTEGER NOT NULL) STRICT  -- CRC-32C over first (little endian, 8) and stream\
      """;

  private static final String CURSORS =
      """
      CREATE TABLE cursors(
        name TEXT,
        first INTEGER,  -- of the stream
        next INTEGER NOT NULL,
        PRIMARY KEY (name, first)) STRICT, WITHOUT ROWID\
      """;

  private static final String READABLE =
      """
      CREATE VIEW readable AS
        SELECT events.seq AS key, stream, events.seq - first + 1 AS seq,
          strftime('%Y-%m-%dT%H:%M:%f', time / 1e6, 'unixepoch') || 'Z' AS time,
          name AS kind, record
        FROM events
          JOIN streams ON first = (SELECT max(first) FROM streams WHERE first <= events.seq)
          LEFT JOIN kinds USING (kind)\
      """;

  private static final List<String> TABLES =
      List.of(
          STREAMS,
          """
          CREATE TABLE runs(
            run INTEGER PRIMARY KEY,
            first_seq INTEGER NOT NULL,
            started INTEGER NOT NULL,
            looked INTEGER,   -- the last look that was noted
            ended INTEGER,    -- null if it did not end in order
            initial INTEGER,  -- whether it told of processes that merely live in the initial namespaces
            boot_id TEXT NOT NULL,
            host TEXT NOT NULL,
            born TEXT) STRICT  -- the kernel's ids at its end in order, by CPU; null if unknown\
          """,
          """
          CREATE TABLE events(
            seq INTEGER PRIMARY KEY,  -- the key
            time INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            crc INTEGER NOT NULL,  -- CRC-32C over seq, time, kind (little endian, 8 + 8 + 4) and record
            record TEXT NOT NULL) STRICT\
          """,
          CURSORS,
          """
          CREATE TABLE checkpoints(
            seq INTEGER PRIMARY KEY,  -- the last event that it includes
            time INTEGER NOT NULL,
            run INTEGER NOT NULL,
            data BLOB NOT NULL) STRICT  -- gzip of the lines that make this state\
          """,
          """
          CREATE TABLE turns(
            seq INTEGER PRIMARY KEY) STRICT  -- from this event on, times begin anew: the clock was set\
          """,
          "CREATE TABLE kinds(kind INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
          UNUSED,
          READABLE);

  private Schema() {}

  /// Creates the tables of an empty file, within a transaction of the caller.
  static void create(Connection connection, String stream) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      for (String table : TABLES) {
        sql.executeUpdate(table);
      }
      sql.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
      sql.executeUpdate("PRAGMA user_version = " + VERSION);
    }
    Streams.write(connection, new Streams.One(1, stream));
  }

  /// Migrates the tables of an older version to this version, within a transaction of the caller.
  /// Does nothing for any other file.
  static void migrate(Connection connection) throws SQLException {
    long version = number(connection, "PRAGMA user_version");
    if (number(connection, "PRAGMA application_id") != APPLICATION_ID
        || version < 1
        || version >= VERSION) {
      return;
    }
    try (Statement sql = connection.createStatement()) {
      if (version == 1) {
        sql.executeUpdate(UNUSED);
        sql.executeUpdate("ALTER TABLE runs ADD COLUMN born TEXT");
      }
      sql.executeUpdate(STREAMS);
      for (Streams.One one : Streams.ofOldSchema(connection)) {
        Streams.write(connection, one);
      }
      sql.executeUpdate("DROP TABLE meta");
      sql.executeUpdate("ALTER TABLE cursors RENAME TO cursors_of_one");
      sql.executeUpdate(CURSORS);
      sql.executeUpdate("INSERT INTO cursors SELECT name, 1, next FROM cursors_of_one");
      sql.executeUpdate("DROP TABLE cursors_of_one");
      sql.executeUpdate("DROP VIEW readable");
      sql.executeUpdate(READABLE);
      sql.executeUpdate("PRAGMA user_version = " + VERSION);
    }
  }

  /// True if the file has no tables yet.
  static boolean isEmpty(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  }

  /// Checks that the file is a journal of this version or of an older one.
  ///
  /// @return its streams
  /// @throws JournalFault if it is not
  static Streams verify(Connection connection) throws SQLException, JournalFault {
    refuseNewer(connection);
    long version = number(connection, "PRAGMA user_version");
    if (number(connection, "PRAGMA application_id") != APPLICATION_ID || version < 1) {
      throw new JournalFault(
          JournalFault.Kind.CORRUPT, "is no journal, or is damaged (it has no journal's mark)");
    }
    return Streams.read(connection);
  }

  /// Fails if a newer version wrote this file. Without a `-wal` file no process has the journal
  /// open; then SQLite creates no files beside it.
  static void refuseNewer(Path file) throws SQLException, JournalFault {
    Connection connection =
        Files.exists(JournalFile.wal(file)) ? Connections.reader(file) : Connections.frozen(file);
    try {
      refuseNewer(connection);
    } finally {
      Connections.closeQuietly(connection);
    }
  }

  private static void refuseNewer(Connection connection) throws SQLException, JournalFault {
    long version = number(connection, "PRAGMA user_version");
    if (number(connection, "PRAGMA application_id") == APPLICATION_ID && version > VERSION) {
      throw new JournalFault(
          JournalFault.Kind.REFUSED,
          "was written by a newer version of nsmon (its schema is "
              + version
              + ", this one knows "
              + VERSION
              + ") and is left as it is");
    }
  }

  /// The number that this query returns; 0 if it returns none.
  static long number(Connection connection, String query) throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
