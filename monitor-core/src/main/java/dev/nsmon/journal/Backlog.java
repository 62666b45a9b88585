package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Archive;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/// The records of an earlier stream in a journal, for sinks that have not acknowledged all of them.
/// A file has earlier streams after a monitor that could not open it at first has appended a stream
/// of its own. The rest is delivered under the earlier stream's name and numbers, at the same time
/// as the running stream. Any thread.
public final class Backlog {
  private final Streams.One stream;
  private final Host host;
  private final ReadPool pool;
  private final Notes notes;
  private final EventLog log;

  /// @param log closed, with all of it in the archive
  Backlog(Streams.One stream, Host host, ReadPool pool, Notes notes, EventLog log) {
    this.stream = stream;
    this.host = host;
    this.pool = pool;
    this.notes = notes;
    this.log = log;
  }

  /// Reads the records of a stream that has ended. Where the file does not have them any more,
  /// there are none.
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

  /// The host that its last records are about.
  public Host host() {
    return host;
  }

  /// The stream as a log that has ended: its cursors read what the journal has.
  public EventLog log() {
    return log;
  }

  /// The number of the next record for this sink: its cursor in this stream, or the oldest record
  /// that the file still has if there is no such cursor.
  ///
  /// @throws IOException if it can't be read now
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
