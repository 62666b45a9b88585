package dev.nsmon.journal;

import dev.nsmon.event.Kind;
import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Reads a journal, while a monitor writes it or when nobody does. Changes nothing, and needs no
/// more than permission to read the file and its directory. Used by one thread at a time.
///
/// Numbers grow with time, but for the clock being set: what lies further than a minute from its
/// place in time may be missed.
public final class JournalReader implements AutoCloseable {
  private static final int BATCH = 512;
  private static final Duration DISORDER = Duration.ofMinutes(1);

  private final Path file;
  private final Connection connection;
  private final PreparedStatement select;
  private final PreparedStatement probe;
  private final Rows rows = new Rows(InstantSource.system());
  private final String stream;

  /// Takes entries.
  public interface Taker {
    /// Takes one.
    ///
    /// @return whether more are wanted
    boolean take(Entry entry) throws IOException;
  }

  private JournalReader(Path file, Connection connection) throws SQLException, JournalFault {
    this.file = file;
    this.connection = connection;
    this.stream = Schema.verify(connection, file);
    this.select = connection.prepareStatement(Rows.READ);
    this.probe =
        connection.prepareStatement(
            "SELECT seq, time FROM events WHERE seq >= ? ORDER BY seq LIMIT 1");
  }

  /// Opens one.
  ///
  /// @throws IOException if it can't be read; the message is for people
  public static JournalReader open(Path journal) throws IOException {
    Path file = JournalFile.resolved(journal);
    if (!Files.exists(file)) {
      throw new IOException("there is no journal " + file);
    }
    if (!Files.isReadable(file)) {
      throw new IOException("no permission to read the journal " + file);
    }
    try {
      Connections.loadNative();
      try {
        return open(file, Connections.reader(file));
      } catch (SQLException | JournalFault e) {
        // In a directory that is not ours to write, SQLite can't make the files that it works with.
        if (Files.exists(JournalFile.wal(file))) {
          throw e;
        }
        return open(file, Connections.frozen(file));
      }
    } catch (SQLException e) {
      throw fault(file, JournalFault.of(e, file));
    } catch (JournalFault e) {
      throw fault(file, e);
    }
  }

  private static JournalReader open(Path file, Connection connection)
      throws SQLException, JournalFault {
    try {
      return new JournalReader(file, connection);
    } catch (SQLException | JournalFault e) {
      Connections.closeQuietly(connection);
      throw e;
    }
  }

  private static IOException fault(Path file, JournalFault fault) {
    String hint =
        fault.kind() == JournalFault.Kind.FAILING && !Files.isWritable(file)
            ? "; to read it, a user needs permission to read it and what lies beside it"
                + " (-wal, -shm)"
            : "";
    return new IOException("the journal " + file + " " + fault.getMessage() + hint, fault);
  }

  /// The stream that the numbers belong to.
  public String stream() {
    return stream;
  }

  /// The host that the newest events are about.
  public Optional<Host> host() throws IOException {
    return asking(() -> new States(connection, rows).runOf(Long.MAX_VALUE).map(States.Run::host));
  }

  /// The time of the oldest event that is left.
  public Optional<Instant> oldest() throws IOException {
    return asking(() -> probe(0).map(Probe::time));
  }

  /// Hands out the events of this time in the order of their numbers. What is missing in between is
  /// an `events-lost`.
  ///
  /// @param since the first that is wanted
  /// @param until the first that is wanted no more
  public void events(Instant since, Instant until, Taker taker) throws IOException {
    Instant end = later(until);
    long next = asking(() -> firstSince(since.minus(least(since))));
    long before = 0;
    while (true) {
      long from = next;
      List<Entry> entries = asking(() -> rows.read(select, from, BATCH));
      for (Entry entry : entries) {
        if (before != 0 && entry.seq() > before + 1 && entry.json().isPresent() && !isLost(entry)) {
          if (!taker.take(Rows.lost(before + 1, entry.seq() - 1, entry.time()))) {
            return;
          }
        }
        before = entry.seq();
        if (entry.json().isPresent() && entry.time().isAfter(end)) {
          return;
        }
        boolean isWithin = !entry.time().isBefore(since) && entry.time().isBefore(until);
        if ((isWithin || entry.json().isEmpty()) && !taker.take(entry)) {
          return;
        }
      }
      if (entries.isEmpty()) {
        return;
      }
      next = entries.getLast().seq() + 1;
    }
  }

  /// An `events-lost` stands for the numbers before its own.
  private static boolean isLost(Entry entry) {
    return entry.kind() == Kind.EVENTS_LOST;
  }

  private static Duration least(Instant time) {
    return time.isAfter(Instant.EPOCH.plus(DISORDER)) ? DISORDER : Duration.ZERO;
  }

  private static Instant later(Instant time) {
    return time.isBefore(Instant.MAX.minus(DISORDER)) ? time.plus(DISORDER) : Instant.MAX;
  }

  /// What there was at this time; empty if that is before all that is left to tell it.
  public Optional<LastState> stateAt(Instant at) throws IOException {
    return asking(
        () -> {
          long after = firstSince(at.plusNanos(1000));
          Optional<Probe> first = probe(0);
          if (first.isEmpty() || first.get().seq() >= after) {
            return Optional.empty();
          }
          return new States(connection, rows).after(after - 1);
        });
  }

  private record Probe(long seq, Instant time) {}

  /// The first event from this number on.
  private Optional<Probe> probe(long from) throws SQLException {
    probe.setLong(1, from);
    try (ResultSet row = probe.executeQuery()) {
      return row.next()
          ? Optional.of(new Probe(row.getLong(1), Rows.time(row.getLong(2))))
          : Optional.empty();
    }
  }

  /// The number of the first event that is not before this time; the one after the last if there is
  /// none. By halves: there is no index of times, which would make the journal a tenth larger.
  private long firstSince(Instant since) throws SQLException {
    long low = Schema.number(connection, "SELECT min(seq) FROM events");
    long high = Schema.number(connection, "SELECT max(seq) FROM events") + 1;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<Probe> probed = probe(middle);
      if (probed.isEmpty() || !probed.get().time().isBefore(since)) {
        high = middle;
      } else {
        low = probed.get().seq() + 1;
      }
    }
    return low;
  }

  private interface Question<T> {
    T ask() throws SQLException, IOException;
  }

  private <T> T asking(Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw fault(file, JournalFault.of(e, file));
    } catch (JournalFault e) {
      throw fault(file, e);
    }
  }

  @Override
  public void close() {
    Connections.closeQuietly(connection);
  }
}
