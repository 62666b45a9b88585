package dev.nsmon.journal;

import dev.nsmon.event.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables of a journal.
///
/// Times are microseconds since the epoch. A record is the event's line of JSON without its end.
final class Schema {
  /// "nsmn", as `file(1)` and `PRAGMA application_id` show it.
  static final int APPLICATION_ID = 0x6e736d6e;

  static final int VERSION = 1;

  /// Measured: a small page wastes the end of each, a large one costs more in each small commit.
  static final int PAGE_BYTES = 8192;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
          """
          CREATE TABLE runs(
            run INTEGER PRIMARY KEY,
            first_seq INTEGER NOT NULL,
            started INTEGER NOT NULL,
            looked INTEGER,   -- the last look that was noted
            ended INTEGER,    -- null if it did not end in order
            initial INTEGER,  -- whether it told of processes that merely live in the initial namespaces
            boot_id TEXT NOT NULL,
            host TEXT NOT NULL) STRICT\
          """,
          """
          CREATE TABLE events(
            seq INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            crc INTEGER NOT NULL,  -- CRC-32C over seq, time, kind (little endian, 8 + 8 + 4) and record
            record TEXT NOT NULL) STRICT\
          """,
          "CREATE TABLE cursors(name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT"
              + " ROWID",
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
          """
          CREATE VIEW readable AS
            SELECT seq, strftime('%Y-%m-%dT%H:%M:%f', time / 1e6, 'unixepoch') || 'Z' AS time,
              name AS kind, record
            FROM events LEFT JOIN kinds USING (kind)\
          """);

  private Schema() {}

  /// Makes the tables of an empty file, within a transaction of the caller.
  static void create(Statement sql, String stream) throws SQLException {
    for (String table : TABLES) {
      sql.executeUpdate(table);
    }
    for (Kind kind : Kind.values()) {
      sql.executeUpdate("INSERT INTO kinds VALUES (" + code(kind) + ", '" + kind + "')");
    }
    sql.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
    sql.executeUpdate("PRAGMA user_version = " + VERSION);
    sql.executeUpdate("INSERT INTO meta VALUES ('stream', '" + stream.replace("'", "''") + "')");
  }

  /// Whether there is nothing in the file yet.
  static boolean isEmpty(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  }

  /// Looks whether it is a journal that this version understands.
  ///
  /// @return the stream
  /// @throws JournalFault if not
  static String verify(Connection connection, Path file) throws SQLException, JournalFault {
    long id = number(connection, "PRAGMA application_id");
    long version = number(connection, "PRAGMA user_version");
    if (id == APPLICATION_ID && version > VERSION) {
      throw new JournalFault(
          JournalFault.Kind.REFUSED,
          "was written by a newer version of nsmon (its schema is "
              + version
              + ", this one knows "
              + VERSION
              + ")");
    }
    if (id != APPLICATION_ID || version != VERSION) {
      throw new JournalFault(
          JournalFault.Kind.CORRUPT, "is no journal, or is damaged (it has no journal's mark)");
    }
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT value FROM meta WHERE name = 'stream'")) {
      if (!row.next() || row.getString(1) == null || row.getString(1).isEmpty()) {
        throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (it names no stream)");
      }
      return row.getString(1);
    }
  }

  /// The number that this query gives; 0 for none.
  static long number(Connection connection, String query) throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /// How a kind stands in the table: its place among the kinds, which never changes.
  static int code(Kind kind) {
    return kind.ordinal() + 1;
  }
}
