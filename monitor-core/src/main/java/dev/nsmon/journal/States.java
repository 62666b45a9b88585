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

/// Derives the state of the host after an event, from the newest checkpoint before it and the
/// events since.
final class States {
  private static final int BATCH = 512;

  private final Connection connection;
  private final Rows rows;
  private final Streams streams;
  private final JsonReader json = new JsonReader();

  /// @param streams the streams of the file
  States(Connection connection, Rows rows, Streams streams) {
    this.connection = connection;
    this.rows = rows;
    this.streams = streams;
  }

  /// A row of the table `runs`.
  record Run(long run, Host host, boolean initial, Optional<Instant> looked) {}

  /// The run that emitted the event with this key; empty if unknown.
  Optional<Run> runOf(long key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT run, host ->> 'name', host ->> 'id', boot_id, initial, looked FROM runs"
                + " WHERE first_seq <= ? ORDER BY run DESC LIMIT 1")) {
      select.setLong(1, key);
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

  /// The state after the event with this key, from the checkpoints and events of its stream. Empty
  /// if too few of them are left to derive it.
  Optional<LastState> after(long key) throws SQLException, IOException {
    Optional<Run> run = runOf(key);
    if (run.isEmpty()) {
      return Optional.empty();
    }
    boolean initial = run.get().initial();
    long first = streams.of(key).first();
    long oldest = Schema.number(connection, "SELECT min(seq) FROM events WHERE seq >= " + first);
    long from = 0;
    HostState state = null;
    Instant time = Instant.EPOCH;
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT seq, time, data FROM checkpoints WHERE seq >= ? AND seq <= ?"
                + " ORDER BY seq DESC")) {
      select.setLong(1, first);
      select.setLong(2, key);
      try (ResultSet row = select.executeQuery()) {
        while (state == null && row.next()) {
          try {
            state = Checkpoint.state(row.getBytes(3), initial, json);
            from = row.getLong(1) + 1;
            time = Rows.time(row.getLong(2));
          } catch (IOException | RuntimeException e) {
            // The checkpoint is damaged: use the one before it.
            state = null;
          }
        }
      }
    }
    if (state == null) {
      // Without a checkpoint, only a replay from the first event of the stream is complete.
      if (oldest != first || first > key) {
        return Optional.empty();
      }
      from = oldest;
      state = new HostState(initial);
    } else if (oldest > from && oldest <= key) {
      return Optional.empty();
    }
    return Optional.of(replay(state, from, key, time, run.get()));
  }

  private LastState replay(HostState state, long from, long key, Instant since, Run run)
      throws SQLException, IOException {
    Instant time = since;
    long next = from;
    try (PreparedStatement select = connection.prepareStatement(Rows.READ)) {
      while (next <= key) {
        List<Row> read = rows.read(select, next, BATCH, streams);
        if (read.isEmpty()) {
          break;
        }
        for (Row row : read) {
          Entry entry = row.entry();
          if (row.key() <= key && entry.kind() != Kind.EVENTS_LOST) {
            state.apply(entry.event());
            time = entry.time();
          }
        }
        next = read.getLast().key() + 1;
      }
    }
    return new LastState(state, run.host(), time, run.initial(), run.run());
  }

  /// The state after the last event of the newest stream; empty if unknown. Its time is that of the
  /// last scan, if that is later than the event.
  Optional<LastState> last() throws SQLException, IOException {
    long key =
        Math.max(
            Schema.number(connection, "SELECT max(seq) FROM events"),
            Schema.number(connection, "SELECT max(seq) FROM checkpoints"));
    Optional<LastState> last =
        streams.of(key).equals(streams.newest()) ? after(key) : Optional.empty();
    if (last.isEmpty()) {
      return last;
    }
    LastState of = last.get();
    Instant looked = runOf(key).flatMap(Run::looked).orElse(of.time());
    return Optional.of(
        looked.isAfter(of.time())
            ? new LastState(of.state(), of.host(), looked, of.initial(), of.run())
            : of);
  }
}
