package dev.nsmon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// What a journal holds, as anybody can read it who has SQLite.
final class Journaled {
  private Journaled() {}

  /// All its records, in order; none if there is no journal yet.
  static List<JsonNode> records(Path journal) {
    return Nsmon.json(query(journal, "SELECT record FROM events ORDER BY seq"));
  }

  /// The first column of what comes.
  static List<String> query(Path journal, String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + journal);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> column = new ArrayList<>();
      while (rows.next()) {
        column.add(rows.getString(1));
      }
      return column;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /// Changes it, while no monitor has it.
  static void change(Path journal, String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + journal);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
