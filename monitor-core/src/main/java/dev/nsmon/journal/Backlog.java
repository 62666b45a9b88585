package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Archive;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/// The records of an earlier stream in a journal, for sinks that have not acknowledged all of them.
///
/// A monitor that can't open the file at start begins a stream of its own. It appends that stream
/// to the file later, so that the file then has an earlier stream. Sinks get the rest of the
/// earlier stream under its own name and numbers, in parallel with the running stream. Any thread.
public final class Backlog {
  private final Streams.One stream;
  private final Host host;
  private final ReadPool pool;
  private final Notes notes;
  private final EventLog log;

  /// @param log the earlier stream as a closed log, whose records are all in the archive
  Backlog(Streams.One stream, Host host, ReadPool pool, Notes notes, EventLog log) {
    this.stream = stream;
    this.host = host;
    this.pool = pool;
    this.notes = notes;
    this.log = log;
  }

  /// The archive of a stream that has ended. A read returns no records if the file no longer has
  /// the stream.
  record Of(ReadPool pool, Streams.One stream, Unused unused) implements Archive {
    @Override
    public List<Entry> read(long from, int max) throws IOException {
      return pool.read(stream, from, max);
    }

    @Override
    public long unused(long first, long last) {
      return unused.within(first, last);
    }
  }

  public String stream() {
    return stream.stream();
  }

  /// The host that the last records of the stream describe. Its values are empty if unknown.
  public Host host() {
    return host;
  }

  /// The stream as a closed log. Its cursors read the records from the journal.
  public EventLog log() {
    return log;
  }

  /// The sequence number of the next record for this sink, which is the sink's cursor in this
  /// stream. Without a cursor it is the oldest record that the file still has. Returns the number
  /// after the last record if the file has none.
  ///
  /// @throws IOException if the file can't be read now
  public long place(String sink) throws IOException {
    OptionalLong known = notes.cursor(sink, stream);
    if (known.isPresent()) {
      return known.getAsLong();
    }
    List<Entry> oldest = pool.read(stream, 1, 1);
    return oldest.isEmpty() ? log.nextSeq() : Math.max(1, oldest.getFirst().seq());
  }

  /// Sets the cursor of this sink in this stream. The writer stores it with its next transaction.
  public void cursor(String sink, long next) {
    notes.cursor(sink, stream, next);
  }
}
