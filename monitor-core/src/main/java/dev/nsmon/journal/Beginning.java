package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/// The contents of the journal at the start of a run, and the numbers that the run begins with.
///
/// @param database null if the journal could not be opened
/// @param trouble why it could not be opened; empty if it was
/// @param stream the stream that it goes on with, or a new one
/// @param nextSeq the number of the first event of this run
/// @param first the number of the first record that this run has to tell: `nextSeq`, or that of the
///   `events-lost` before it which says what the journal lacks of earlier runs
/// @param unused numbers of the stream that were passed over
/// @param born the kernel's ids at the end of the run before
/// @param checkpointed the last event that the newest checkpoint includes
/// @param lastState what there was after the last event of the run before
record Beginning(
    Database database,
    Optional<JournalFault> trouble,
    String stream,
    long nextSeq,
    long first,
    Unused unused,
    Optional<String> born,
    long checkpointed,
    Optional<LastState> lastState) {

  /// For a run whose journal could not be opened: a new stream from 1 on.
  static Beginning without(String stream, JournalFault trouble) {
    return new Beginning(
        null,
        Optional.of(trouble),
        stream,
        1,
        1,
        Unused.NONE,
        Optional.empty(),
        0,
        Optional.empty());
  }

  /// Opens the journal.
  ///
  /// @param newStream the name of the stream, if it is a new one
  static Beginning of(
      Opener opener, ReadPool pool, Notes notes, Host host, HostClock clock, String newStream)
      throws JournalFault {
    Database database = opener.open(newStream);
    try {
      return of(database, opener, pool, notes, host, clock);
    } catch (SQLException | IOException e) {
      database.close();
      JournalFault fault = opener.fault(e);
      if (fault.kind() != JournalFault.Kind.CORRUPT || opener.wasSetAside()) {
        throw fault;
      }
      // Damage may show only when the state is read.
      opener.setAsideDamaged(fault);
      return of(opener, pool, notes, host, clock, newStream);
    }
  }

  private static Beginning of(
      Database database, Opener opener, ReadPool pool, Notes notes, Host host, HostClock clock)
      throws SQLException, IOException {
    Streams.One stream = database.stream();
    Numbering numbering = Numbering.of(database, opener.rows(), opener.used(), host);
    Optional<LastState> lastState =
        new States(database.connection(), opener.rows(), database.streams()).last();
    Optional<String> born = database.runs().born();
    long checkpointed = stream.seq(database.number("SELECT max(seq) FROM checkpoints"));
    Optional<Entry> missing = numbering.write(database, host, clock.instant());
    long nextSeq = stream.seq(numbering.nextAfter(missing, stream));
    Unused unused = Unused.read(database.connection()).in(stream);
    opener.beginRun(database, nextSeq);
    notes.restore(CursorTable.read(database.connection()), stream);
    pool.open(database.streams());
    return new Beginning(
        database,
        Optional.empty(),
        stream.stream(),
        nextSeq,
        missing.map(Entry::seq).orElse(nextSeq),
        unused,
        born,
        Math.max(0, checkpointed),
        lastState);
  }
}
