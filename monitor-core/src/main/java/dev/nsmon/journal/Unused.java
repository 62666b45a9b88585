package dev.nsmon.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The table `unused`: ranges of keys that a run skipped at its start, because they might have been
/// used before. Readers do not count these keys as lost. Immutable.
final class Unused {
  static final Unused NONE = new Unused(List.of());

  private final List<Range> ranges;

  private record Range(long first, long last) {}

  private Unused(List<Range> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /// Reads the ranges of a file.
  static Unused read(Connection connection) throws SQLException {
    if (Schema.number(
            connection,
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'unused'")
        == 0) {
      // A file of version 1 does not have the table.
      return NONE;
    }
    List<Range> ranges = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT first, last FROM unused")) {
      while (row.next()) {
        ranges.add(new Range(row.getLong(1), row.getLong(2)));
      }
    }
    return new Unused(ranges);
  }

  /// Stores the range from `first` to `last`, both inclusive, within a transaction of the caller.
  static void write(Connection connection, long first, long last) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO unused VALUES (?, ?)")) {
      insert.setLong(1, first);
      insert.setLong(2, last);
      insert.executeUpdate();
    }
  }

  /// The same ranges as sequence numbers of this stream.
  Unused in(Streams.One stream) {
    return new Unused(
        ranges.stream()
            .map(one -> new Range(stream.seq(one.first()), stream.seq(one.last())))
            .toList());
  }

  /// How many numbers from `first` to `last`, both inclusive, were skipped.
  long within(long first, long last) {
    long count = 0;
    for (Range range : ranges) {
      count += Math.max(0, Math.min(last, range.last()) - Math.max(first, range.first()) + 1);
    }
    return count;
  }
}
