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

/// Reads a journal file, also while a monitor writes it. Does not change the journal. It needs only
/// permission to read the directory, the file and the files beside it. Used by one thread at a
/// time.
public final class JournalReader implements AutoCloseable {
  private final Path file;
  private final Connection connection;
  private final Times times;
  private final Rows rows;

  /// The streams of the file when it was opened. A monitor may append one later.
  private final Streams streams;

  /// Receives the entries of a journal.
  public interface Taker {
    /// Receives one entry.
    ///
    /// @param stream name of the stream that its number belongs to
    /// @return true to continue, false to stop
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

  /// Opens a journal to read it.
  ///
  /// @param clock gives the time of the `events-lost` that stands for a damaged record
  /// @throws IOException if it can't be read; the message is for the user
  public static JournalReader open(Path journal, InstantSource clock) throws IOException {
    Path file = JournalFile.resolved(journal);
    checkThatItIsOne(file);
    try {
      Connections.loadNative();
      Schema.refuseNewer(file);
      try {
        return open(file, Connections.reader(file), clock);
      } catch (SQLException | JournalFault e) {
        // In a directory without write permission, SQLite can't create its -wal and -shm files.
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
      // Files.exists would return false in a directory without search permission.
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

  /// The name of the stream that was the newest when the file was opened.
  public String stream() {
    return streams.newest().stream();
  }

  /// The host of the newest run; empty if the journal has no run.
  public Optional<Host> host() throws IOException {
    return asking(
        () -> new States(connection, rows, streams).runOf(Long.MAX_VALUE).map(States.Run::host));
  }

  /// The time of the oldest event in the journal; empty if there is none.
  public Optional<Instant> oldest() throws IOException {
    return asking(() -> times.next(0).map(Times.Place::time));
  }

  /// Passes the events of a time range to the taker. The events of a stream come in the order of
  /// their numbers, the streams in the order in which they were written. A gap or a damaged record
  /// is passed as an `events-lost`.
  ///
  /// @param since start of the range, inclusive
  /// @param until end of the range, exclusive
  public void events(Instant since, Instant until, Taker taker) throws IOException {
    asking(
        () -> {
          new Walk(connection, rows, since, until, taker).run();
          return null;
        });
  }

  /// The state of the host at this time; empty if the journal has too few records left to derive
  /// it.
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
