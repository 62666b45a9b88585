package dev.nsmon.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The table `cursors`: the position of each sink in each stream.
final class CursorTable {
  private CursorTable() {}

  /// A row of the table.
  ///
  /// @param name name of the sink
  /// @param first the stream that the sink reads, by [Streams.One#first()]
  /// @param next key of the next record for the sink; the key after the stream's last record if the
  ///   sink has acknowledged all of it
  record Cursor(String name, long first, long next) {}

  /// Writes these cursors, within a transaction of the caller. Skips a cursor of a stream that the
  /// file does not have.
  static void write(Connection connection, List<Cursor> cursors) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO cursors SELECT ?, first, ? FROM streams WHERE first = ?")) {
      for (Cursor cursor : cursors) {
        insert.setString(1, cursor.name());
        insert.setLong(2, cursor.next());
        insert.setLong(3, cursor.first());
        insert.executeUpdate();
      }
    }
  }

  static List<Cursor> read(Connection connection) throws SQLException {
    List<Cursor> cursors = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT name, first, next FROM cursors")) {
      while (row.next()) {
        cursors.add(new Cursor(row.getString(1), row.getLong(2), row.getLong(3)));
      }
    }
    return cursors;
  }
}
