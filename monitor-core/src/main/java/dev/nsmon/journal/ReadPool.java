package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A pool of read-only connections to the journal, for any number of threads. It keeps a few
/// connections open. A read is one statement, whose result is closed before the read returns. So no
/// read transaction stays open and prevents a checkpoint of the write-ahead log.
final class ReadPool {
  private static final int KEPT_OPEN = 4;

  private final Path file;
  private final InstantSource clock;

  /// Readers hold the read lock during a read. [#open], [#close] and [#alone] take the write lock,
  /// so they wait for current reads.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final ArrayBlockingQueue<Reading> idle = new ArrayBlockingQueue<>(KEPT_OPEN);

  /// The streams of the file. Set by [#open], cleared by [#close]; null while no file can be read.
  private Streams streams;

  /// See [#damage()]. Set by readers, cleared by [#open].
  private volatile Optional<JournalFault> damage = Optional.empty();

  private record Reading(Connection connection, PreparedStatement select, Rows rows) {}

  ReadPool(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /// Reads entries of the newest stream from this sequence number on, at most `max`.
  ///
  /// @throws IOException if the file can't be read now
  List<Entry> read(long from, int max) throws IOException {
    lock.readLock().lock();
    try {
      return streams == null ? read(null, from, max) : read(streams.newest(), from, max);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Reads entries of this stream from this sequence number on, at most `max`. Returns none if the
  /// file no longer has the stream.
  ///
  /// @throws IOException if the file can't be read now
  List<Entry> read(Streams.One stream, long from, int max) throws IOException {
    lock.readLock().lock();
    try {
      if (streams == null) {
        throw new IOException("the journal can't be read now");
      }
      if (!streams.contains(stream)) {
        return List.of();
      }
      Reading reading = idle.poll();
      try {
        if (reading == null) {
          reading = newReading();
        }
        List<Row> rows = reading.rows().read(reading.select(), stream.key(from), max, streams);
        if (idle.offer(reading)) {
          reading = null;
        }
        return rows.stream().takeWhile(row -> row.stream().equals(stream)).map(Row::entry).toList();
      } finally {
        if (reading != null) {
          Connections.closeQuietly(reading.connection());
        }
      }
    } catch (SQLException e) {
      throw noted(JournalFault.of(e, file));
    } catch (JournalFault e) {
      throw noted(e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private Reading newReading() throws SQLException {
    Connection connection = Connections.reader(file);
    try {
      Rows rows = new Rows(clock);
      rows.of(connection);
      return new Reading(connection, connection.prepareStatement(Rows.READ), rows);
    } catch (SQLException e) {
      Connections.closeQuietly(connection);
      throw e;
    }
  }

  private JournalFault noted(JournalFault fault) {
    if (fault.kind() == JournalFault.Kind.CORRUPT) {
      damage = Optional.of(fault);
    }
    return fault;
  }

  /// The damage that a reader has found; empty if there is none. The writer checks it once a
  /// second.
  Optional<JournalFault> damage() {
    return damage;
  }

  /// Permits reads of the file.
  ///
  /// @param present the streams of the file
  void open(Streams present) {
    lock.writeLock().lock();
    try {
      damage = Optional.empty();
      streams = present;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Waits for current reads and closes all connections. Later reads fail until [#open].
  void close() {
    lock.writeLock().lock();
    try {
      streams = null;
      for (Reading reading = idle.poll(); reading != null; reading = idle.poll()) {
        Connections.closeQuietly(reading.connection());
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Runs this work while no thread of this process reads the file.
  void alone(Work work) throws SQLException {
    lock.writeLock().lock();
    try {
      work.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Work on the file that excludes readers.
  interface Work {
    void run() throws SQLException;
  }
}
