package dev.nsmon.journal;

import dev.nsmon.event.HostState;
import dev.nsmon.event.Kind;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonReader;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the state of the host after an event: from the newest checkpoint before it and the events
/// since.
final class States {
  private static final int BATCH = 512;

  private final Connection connection;
  private final Rows rows;
  private final JsonReader json = new JsonReader();

  States(Connection connection, Rows rows) {
    this.connection = connection;
    this.rows = rows;
  }

  /// A run of the monitor, as the journal knows it.
  record Run(long run, Host host, boolean initial, Optional<Instant> looked) {}

  /// The run that told this event; empty if that is not known.
  Optional<Run> runOf(long seq) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT run, host ->> 'name', host ->> 'id', boot_id, initial, looked FROM runs"
                + " WHERE first_seq <= ? ORDER BY run DESC LIMIT 1")) {
      select.setLong(1, seq);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Host host = new Host(text(row, 2), text(row, 3), text(row, 4));
        boolean initial = row.getLong(5) != 0;
        long looked = row.getLong(6);
        return Optional.of(
            new Run(
                row.getLong(1),
                host,
                initial,
                row.wasNull() ? Optional.empty() : Optional.of(Rows.time(looked))));
      }
    }
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  /// The state after event `seq`; empty if too little is left to know it.
  Optional<LastState> after(long seq) throws SQLException, IOException {
    Optional<Run> run = runOf(seq);
    if (run.isEmpty()) {
      return Optional.empty();
    }
    boolean initial = run.get().initial();
    long oldest = Schema.number(connection, "SELECT min(seq) FROM events");
    long from = 0;
    HostState state = null;
    Instant time = Instant.EPOCH;
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT seq, time, data FROM checkpoints WHERE seq <= ? ORDER BY seq DESC")) {
      select.setLong(1, seq);
      try (ResultSet row = select.executeQuery()) {
        while (state == null && row.next()) {
          try {
            state = Checkpoint.state(row.getBytes(3), initial, json);
            from = row.getLong(1) + 1;
            time = Rows.time(row.getLong(2));
          } catch (IOException | RuntimeException e) {
            // Damaged: the one before it will do.
            state = null;
          }
        }
      }
    }
    if (state == null) {
      // The first event of all tells of a host that nothing is known of.
      long first = Schema.number(connection, "SELECT min(first_seq) FROM runs");
      if (oldest == 0 || oldest > first || first > seq) {
        return Optional.empty();
      }
      from = oldest;
      state = new HostState(initial);
    } else if (oldest > from && oldest <= seq) {
      return Optional.empty();
    }
    return Optional.of(replay(state, from, seq, time, run.get()));
  }

  private LastState replay(HostState state, long from, long seq, Instant since, Run run)
      throws SQLException, IOException {
    Instant time = since;
    long next = from;
    try (PreparedStatement select = connection.prepareStatement(Rows.READ)) {
      while (next <= seq) {
        List<Entry> entries = rows.read(select, next, BATCH);
        if (entries.isEmpty()) {
          break;
        }
        for (Entry entry : entries) {
          if (entry.seq() <= seq && entry.kind() != Kind.EVENTS_LOST) {
            state.apply(entry.event());
            time = entry.time();
          }
        }
        next = entries.getLast().seq() + 1;
      }
    }
    return new LastState(state, run.host(), time, run.initial(), run.run());
  }

  /// The state after the last event.
  Optional<LastState> last() throws SQLException, IOException {
    long seq =
        Math.max(
            Schema.number(connection, "SELECT max(seq) FROM events"),
            Schema.number(connection, "SELECT max(seq) FROM checkpoints"));
    Optional<LastState> last = after(seq);
    if (last.isEmpty()) {
      return last;
    }
    LastState of = last.get();
    Instant looked = runOf(seq).flatMap(Run::looked).orElse(of.time());
    return Optional.of(
        looked.isAfter(of.time())
            ? new LastState(of.state(), of.host(), looked, of.initial(), of.run())
            : of);
  }
}
