package dev.nsmon.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The table `cursors`: by name and stream, where each sink is to go on.
final class CursorTable {
  private CursorTable() {}

  /// A row.
  ///
  /// @param name the sink's
  /// @param first of the stream that it reads
  /// @param next the key to go on with; that after the stream's last one if it has all of it
  record Cursor(String name, long first, long next) {}

  /// Writes these, within a transaction. One in a stream that the file does not have is left out.
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
