package dev.nsmon.journal;

import dev.nsmon.format.Host;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/// The table `runs` as the monitor writes it: one row for each run of a monitor. Used by one thread
/// at a time.
final class Runs {
  private final Connection connection;
  private long run;

  Runs(Connection connection) throws SQLException {
    this.connection = connection;
    this.run = Schema.number(connection, "SELECT max(run) FROM runs");
  }

  /// The number of the newest run; 0 if there is none.
  long newest() {
    return run;
  }

  /// Adds a row for a run that begins, within a transaction of the caller.
  ///
  /// @param key key of its first event
  void begin(Host host, long key, Instant now) throws SQLException {
    run++;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO runs(run, first_seq, started, boot_id, host) VALUES "
                + "(?, ?, ?, ?, json_object('name', ?, 'id', ?, 'bootId', ?))")) {
      insert.setLong(1, run);
      insert.setLong(2, key);
      insert.setLong(3, Rows.micros(now));
      insert.setString(4, host.bootId());
      insert.setString(5, host.name());
      insert.setString(6, host.id());
      insert.setString(7, host.bootId());
      insert.executeUpdate();
    }
  }

  /// Sets a column of the newest run, within a transaction of the caller.
  void note(String column, long value) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.executeUpdate("UPDATE runs SET " + column + " = " + value + " WHERE run = " + run);
    }
  }

  /// Sets the kernel's namespace ids at the end of the newest run, within a transaction of the
  /// caller.
  void noteBorn(String ids) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE runs SET born = ? WHERE run = ?")) {
      update.setString(1, ids);
      update.setLong(2, run);
      update.executeUpdate();
    }
  }

  /// The kernel's namespace ids at the end of the newest run; empty if it did not end in order, or
  /// the ids were unknown.
  Optional<String> born() throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT born FROM runs WHERE run = ? AND ended IS NOT NULL")) {
      select.setLong(1, run);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
    }
  }
}
