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

/// Connections to read the journal with, for any number of threads; a few are kept open. A reading
/// is one statement that is read to its end, so that it never keeps the log of pages from being
/// emptied.
final class ReadPool {
  private static final int KEPT_OPEN = 4;

  private final Path file;
  private final InstantSource clock;

  /// Held by those who read; whoever takes the file away waits for them.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final ArrayBlockingQueue<Reading> idle = new ArrayBlockingQueue<>(KEPT_OPEN);

  /// Those of the file; null while there is none to read.
  private Streams streams;

  private volatile Optional<JournalFault> damage = Optional.empty();

  private record Reading(Connection connection, PreparedStatement select, Rows rows) {}

  ReadPool(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /// Entries of the stream that grows, by its numbers.
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

  /// Entries of this stream, by its numbers; none if the file does not have it any more.
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

  /// The damage that a reader has met.
  Optional<JournalFault> damage() {
    return damage;
  }

  /// From now on the file can be read.
  ///
  /// @param present the streams that it has
  void open(Streams present) {
    lock.writeLock().lock();
    try {
      damage = Optional.empty();
      streams = present;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Waits for those who read, and lets go of the file.
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

  /// Runs this while nobody of this process reads.
  void alone(Work work) throws SQLException {
    lock.writeLock().lock();
    try {
      work.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Something to do with the file.
  interface Work {
    void run() throws SQLException;
  }
}
