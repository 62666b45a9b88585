package dev.nsmon.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/// The table `cursors`: by name, where each sink is to go on.
final class CursorTable {
  private CursorTable() {}

  /// Writes these, within a transaction.
  static void write(Connection connection, Map<String, Long> cursors) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO cursors VALUES (?, ?)")) {
      for (Map.Entry<String, Long> cursor : cursors.entrySet()) {
        insert.setString(1, cursor.getKey());
        insert.setLong(2, cursor.getValue());
        insert.executeUpdate();
      }
    }
  }

  static Map<String, Long> read(Connection connection) throws SQLException {
    Map<String, Long> cursors = new HashMap<>();
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT name, next FROM cursors")) {
      while (row.next()) {
        cursors.put(row.getString(1), row.getLong(2));
      }
    }
    return cursors;
  }
}
