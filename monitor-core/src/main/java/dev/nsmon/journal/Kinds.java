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

/// The table `kinds`: the number by which the rows of this file name a kind, and its name. A number
/// means nothing outside its file.
final class Kinds {
  private final Map<Integer, Kind> byCode = new HashMap<>();
  private final Map<Kind, Integer> codes = new HashMap<>();

  /// Of a file that nothing is known of yet.
  Kinds() {}

  /// Reads those of a file. Names that this version does not know are left out, be they of a newer
  /// one or damaged: the rows themselves have the name, and a checksum.
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

  /// Adds those that this version knows and the file does not, within a transaction.
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

  /// The kind of this number; empty if only the row itself tells.
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
