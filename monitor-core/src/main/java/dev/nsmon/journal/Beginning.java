package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/// The content of the journal at the start of a run, and the numbers that the run begins with.
///
/// @param database null if the journal could not be opened
/// @param trouble why it could not be opened; empty if it was
/// @param stream name of the stream that the run continues, or of a new one
/// @param nextSeq sequence number of the first event of this run
/// @param first sequence number of the first record that this run emits. It is `nextSeq`, or that
///   of the `events-lost` for events of earlier runs that the journal lost
/// @param unused numbers of the stream that earlier runs and this run skipped
/// @param born the kernel's namespace ids at the end of the previous run; see [Journal#born()]
/// @param checkpointed sequence number of the last event that the newest checkpoint includes; 0 if
///   the stream has no checkpoint
/// @param lastState the state of the host after the last event of the previous run; empty if
///   unknown
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

  /// The start of a run whose journal could not be opened: a new stream whose numbers begin with 1.
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

  /// Opens the journal and reads where the run continues. A damaged file is set aside once, and a
  /// new one is created.
  ///
  /// @param newStream name of the stream, if a new one begins
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
      // Some damage shows only when the state is read.
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
