package dev.nsmon.journal;

import dev.nsmon.event.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The table `kinds`: the number that stands for each kind in the table `events`. A number has a
/// meaning only within its file.
final class Kinds {
  private final Map<Integer, Kind> byCode = new HashMap<>();
  private final Map<Kind, Integer> codes = new HashMap<>();

  /// An empty table, for a file that was not read yet.
  Kinds() {}

  /// Reads the table of a file. Skips names that this version does not know: a newer version wrote
  /// them, or they are damaged. The record itself has the name too, and a checksum.
  static Kinds read(Connection connection) throws SQLException {
    Kinds kinds = new Kinds();
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT kind, name FROM kinds")) {
      while (row.next()) {
        String name = row.getString(2);
        Optional<Kind> known = name == null ? Optional.empty() : Kind.byName(name);
        int code = row.getInt(1);
        known.ifPresent(kind -> kinds.byCode.put(code, kind));
        known.ifPresent(kind -> kinds.codes.put(kind, code));
      }
    }
    return kinds;
  }

  /// Adds the kinds of this version that the file lacks, within a transaction of the caller.
  static void complete(Connection connection) throws SQLException {
    Kinds there = read(connection);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO kinds SELECT coalesce(max(kind), 0) + 1, ? FROM kinds")) {
      for (Kind kind : Kind.values()) {
        if (!there.codes.containsKey(kind)) {
          insert.setString(1, kind.toString());
          insert.executeUpdate();
        }
      }
    }
  }

  /// The kind with this number; empty if only the record has its name.
  Optional<Kind> kind(int code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /// The number of a kind that this version knows.
  int code(Kind kind) throws SQLException {
    Integer code = codes.get(kind);
    if (code == null) {
      throw new SQLException("the table of kinds lacks " + kind);
    }
    return code;
  }
}
