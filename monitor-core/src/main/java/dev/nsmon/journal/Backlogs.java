package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Finds the earlier streams of a file and passes each to the consumer once. Writer's thread only.
final class Backlogs {
  /// The capacity of the log of an earlier stream. It stays empty: all records are in the archive.
  private static final long MEMORY_BYTES = 1 << 20;

  private final ReadPool pool;
  private final Notes notes;
  private final Rows rows;
  private final InstantSource clock;
  private final Consumer<Backlog> to;
  private final Set<Streams.One> found = new HashSet<>();

  Backlogs(ReadPool pool, Notes notes, Rows rows, InstantSource clock, Consumer<Backlog> to) {
    this.pool = pool;
    this.notes = notes;
    this.rows = rows;
    this.clock = clock;
    this.to = to;
  }

  /// Passes on each earlier stream of this file that has records and was not passed on before.
  void find(Database database) throws SQLException, IOException {
    for (Streams.One stream : database.streams().earlier()) {
      long last =
          database.number(
              "SELECT max(seq) FROM events WHERE seq < " + database.streams().end(stream));
      if (last >= stream.first() && found.add(stream)) {
        to.accept(backlog(database, stream, stream.seq(last)));
      }
    }
  }

  private Backlog backlog(Database database, Streams.One stream, long last) throws SQLException {
    Host host =
        new States(database.connection(), rows, database.streams())
            .runOf(stream.key(last))
            .map(States.Run::host)
            .orElse(new Host("", "", ""));
    Unused unused = Unused.read(database.connection()).in(stream);
    EventLog log =
        EventLog.durable(
            stream.stream(), last + 1, MEMORY_BYTES, clock, new Backlog.Of(pool, stream, unused));
    log.close();
    return new Backlog(stream, host, pool, notes, log);
  }
}
