package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Reads a journal, while a monitor writes it or when nobody does. Changes nothing, and needs no
/// more than permission to read the file and its directory. Used by one thread at a time.
public final class JournalReader implements AutoCloseable {
  private final Path file;
  private final Connection connection;
  private final Times times;
  private final Rows rows;

  /// Those of the file when it was opened.
  private final Streams streams;

  /// Takes entries.
  public interface Taker {
    /// Takes one.
    ///
    /// @param stream that its number belongs to
    /// @return whether more are wanted
    boolean take(String stream, Entry entry) throws IOException;
  }

  private JournalReader(Path file, Connection connection, InstantSource clock)
      throws SQLException, JournalFault {
    this.file = file;
    this.rows = new Rows(clock);
    this.connection = connection;
    this.streams = Schema.verify(connection);
    rows.of(connection);
    this.times = new Times(connection);
  }

  /// Opens one.
  ///
  /// @param clock dates the `events-lost` that stands for a damaged record
  /// @throws IOException if it can't be read; the message is for people
  public static JournalReader open(Path journal, InstantSource clock) throws IOException {
    Path file = JournalFile.resolved(journal);
    checkThatItIsOne(file);
    try {
      Connections.loadNative();
      Schema.refuseNewer(file);
      try {
        return open(file, Connections.reader(file), clock);
      } catch (SQLException | JournalFault e) {
        // In a directory that is not ours to write, SQLite can't make the files that it works with.
        if (Files.exists(JournalFile.wal(file))) {
          throw e;
        }
        return open(file, Connections.frozen(file), clock);
      }
    } catch (SQLException e) {
      throw fault(file, JournalFault.of(e, file));
    } catch (JournalFault e) {
      throw fault(file, e);
    }
  }

  private static void checkThatItIsOne(Path file) throws IOException {
    try {
      // Where a directory may not be searched, what is in it seems not to exist.
      Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no journal " + file, e);
    } catch (FileSystemException e) {
      throw new IOException("no permission to read the journal " + file, e);
    }
    if (!Files.isReadable(file)) {
      throw new IOException("no permission to read the journal " + file);
    }
    if (!Files.isRegularFile(file) || !JournalFile.isDatabase(file)) {
      throw new IOException(file + " is not a journal");
    }
  }

  private static JournalReader open(Path file, Connection connection, InstantSource clock)
      throws SQLException, JournalFault {
    try {
      return new JournalReader(file, connection, clock);
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

  /// The newest stream.
  public String stream() {
    return streams.newest().stream();
  }

  /// The host that the newest events are about.
  public Optional<Host> host() throws IOException {
    return asking(
        () -> new States(connection, rows, streams).runOf(Long.MAX_VALUE).map(States.Run::host));
  }

  /// The time of the oldest event that is left.
  public Optional<Instant> oldest() throws IOException {
    return asking(() -> times.next(0).map(Times.Place::time));
  }

  /// Hands out the events of this time: those of each stream in the order of their numbers, the
  /// streams in the order in which they were written. What is missing in between is an
  /// `events-lost`.
  ///
  /// @param since the first that is wanted
  /// @param until the first that is wanted no more
  public void events(Instant since, Instant until, Taker taker) throws IOException {
    asking(
        () -> {
          new Walk(connection, rows, since, until, taker).run();
          return null;
        });
  }

  /// What there was at this time; empty if that is before all that is left to tell it.
  public Optional<LastState> stateAt(Instant at) throws IOException {
    return asking(
        () -> {
          Optional<Times.Place> last = times.lastAt(at);
          return last.isEmpty()
              ? Optional.empty()
              : new States(connection, rows, streams).after(last.get().key());
        });
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
