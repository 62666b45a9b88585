package dev.nsmon.journal;

import dev.nsmon.format.Host;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/// The table `runs`, as the monitor writes it: one row for each run of a monitor. Used by one
/// thread at a time.
final class Runs {
  private final Connection connection;
  private long run;

  Runs(Connection connection) throws SQLException {
    this.connection = connection;
    this.run = Schema.number(connection, "SELECT max(run) FROM runs");
  }

  /// The number of the newest.
  long newest() {
    return run;
  }

  /// Notes that a run of the monitor begins, within a transaction.
  ///
  /// @param key of its first event
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

  /// Sets a column of the newest, within a transaction.
  void note(String column, long value) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.executeUpdate("UPDATE runs SET " + column + " = " + value + " WHERE run = " + run);
    }
  }

  /// Notes the kernel's ids at the end of the newest, within a transaction.
  void noteBorn(String ids) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE runs SET born = ? WHERE run = ?")) {
      update.setString(1, ids);
      update.setLong(2, run);
      update.executeUpdate();
    }
  }

  /// The kernel's ids at the end of the newest; empty if it did not end in order, or they could not
  /// be told.
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
