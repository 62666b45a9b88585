package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The only writing connection to an open journal file. Used by one thread at a time.
final class Database implements AutoCloseable {
  /// Rows per INSERT statement. The fixed cost of a statement is higher than the cost of a row.
  private static final int ROWS = 32;

  private static final int COLUMNS = 5;

  private final Path file;
  private final Connection connection;
  private final Object key;
  private final Statement sql;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement one;
  private final PreparedStatement many;
  private final Rows rows;
  private final Runs runs;
  private final FileChannel wal;
  private Streams streams;
  private long lastKey;

  /// Highest event time since the last row of `turns`, in microseconds since the epoch. The initial
  /// value lets the first event that this connection writes add a row to `turns`.
  private long latestMicros = Long.MAX_VALUE;

  private Database(Path file, Connection connection, Rows rows, String newStream)
      throws SQLException, IOException {
    this.file = file;
    this.connection = connection;
    this.rows = rows;
    this.key = JournalFile.key(file);
    this.sql = connection.createStatement();
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.commit = connection.prepareStatement("COMMIT");
    begin();
    if (Schema.isEmpty(connection)) {
      Schema.create(connection, newStream);
    }
    Schema.migrate(connection);
    this.streams = Schema.verify(connection);
    Kinds.complete(connection);
    commit();
    rows.of(connection);
    String row = "(?, ?, ?, ?, CAST(? AS TEXT))";
    String insert = "INSERT INTO events(seq, time, kind, crc, record) VALUES ";
    this.one = connection.prepareStatement(insert + row);
    this.many = connection.prepareStatement(insert + row + (", " + row).repeat(ROWS - 1));
    this.lastKey = number("SELECT max(seq) FROM events");
    this.runs = new Runs(connection);
    // Closing any descriptor of a file releases all fcntl locks of the process on that file. On the
    // -wal file SQLite holds none, so this descriptor may be closed.
    this.wal = FileChannel.open(JournalFile.wal(file), StandardOpenOption.WRITE);
  }

  /// Opens the journal file. Creates it if it is missing, and migrates the tables of an older
  /// version.
  ///
  /// @param newStream name of the first stream of a new file
  static Database open(Path file, int walPages, Rows rows, String newStream) throws JournalFault {
    try {
      JournalFile.make(file);
      Connection connection = Connections.writer(file, walPages);
      try {
        return new Database(file, connection, rows, newStream);
      } catch (SQLException | IOException e) {
        Connections.closeQuietly(connection);
        throw e;
      }
    } catch (SQLException e) {
      throw JournalFault.of(e, file);
    } catch (IOException e) {
      throw JournalFault.of(e, file);
    }
  }

  /// The streams of the file.
  Streams streams() {
    return streams;
  }

  /// The newest stream. New rows belong to it.
  Streams.One stream() {
    return streams.newest();
  }

  /// The highest key of an event in the file, including the open transaction; 0 if there is none.
  long lastKey() {
    return lastKey;
  }

  /// The highest sequence number of the newest stream, including the open transaction; 0 or less if
  /// the stream has no events.
  long last() {
    return stream().seq(lastKey);
  }

  Runs runs() {
    return runs;
  }

  Connection connection() {
    return connection;
  }

  long number(String query) throws SQLException {
    return Schema.number(connection, query);
  }

  int update(String statement) throws SQLException {
    return sql.executeUpdate(statement);
  }

  /// Begins a transaction, and takes SQLite's write lock at once.
  void begin() throws SQLException {
    begin.executeUpdate();
  }

  void commit() throws SQLException {
    commit.executeUpdate();
  }

  /// Appends a stream to the file, within a transaction of the caller. Rows that are written from
  /// then on belong to it.
  ///
  /// @param first key of the stream's record number 1, higher than all keys that may have been used
  void beginStream(String stream, long first) throws SQLException {
    Streams.One one = new Streams.One(first, stream);
    Streams.write(connection, one);
    streams = streams.with(one);
  }

  /// Writes entries of the newest stream, within a transaction of the caller.
  ///
  /// @return total size of their records in bytes
  long insert(List<Entry> entries, RecordEncoder encoder) throws SQLException {
    long bytes = 0;
    int at = 0;
    while (at < entries.size()) {
      PreparedStatement insert = entries.size() - at >= ROWS ? many : one;
      int count = insert == many ? ROWS : 1;
      for (int i = 0; i < count; i++) {
        bytes += bind(insert, i * COLUMNS, entries.get(at + i), encoder);
      }
      insert.executeUpdate();
      at += count;
      lastKey = stream().key(entries.get(at - 1).seq());
    }
    return bytes;
  }

  private int bind(PreparedStatement insert, int column, Entry entry, RecordEncoder encoder)
      throws SQLException {
    byte[] record = encoder.record(entry);
    long micros = Rows.micros(entry.time());
    long rowKey = stream().key(entry.seq());
    noteTime(rowKey, micros);
    int kind = rows.code(entry.kind());
    insert.setLong(column + 1, rowKey);
    insert.setLong(column + 2, micros);
    insert.setInt(column + 3, kind);
    insert.setInt(column + 4, rows.crc(rowKey, micros, kind, record));
    insert.setBytes(column + 5, record);
    return record.length;
  }

  /// Adds a row to `turns` if event times went back by more than [Times#DISORDER], because the
  /// clock was set. [Times] needs these rows to search by time.
  private void noteTime(long rowKey, long micros) throws SQLException {
    if (micros < latestMicros - Times.DISORDER_MICROS) {
      update("INSERT OR REPLACE INTO turns VALUES (" + rowKey + ")");
      latestMicros = micros;
    }
    latestMicros = Math.max(latestMicros, micros);
  }

  /// Writes a checkpoint of the newest stream, within a transaction of the caller.
  ///
  /// @return its key
  long writeCheckpoint(Checkpoint checkpoint) throws SQLException {
    long rowKey = stream().key(checkpoint.seq());
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)")) {
      insert.setLong(1, rowKey);
      insert.setLong(2, Rows.micros(checkpoint.time()));
      insert.setLong(3, runs.newest());
      insert.setBytes(4, checkpoint.data());
      insert.executeUpdate();
    }
    return rowKey;
  }

  /// Syncs the write-ahead log. On return, all committed data is on the disk.
  void sync() throws IOException {
    wal.force(false);
  }

  long walBytes() throws IOException {
    return wal.size();
  }

  /// Checks that the path still names the file that was opened, and that its `-wal` file exists.
  /// Writes to a removed file succeed, but their data is lost.
  void checkThatItIsThere() throws JournalFault {
    if (key == null || !key.equals(JournalFile.key(file))) {
      throw new JournalFault(JournalFault.Kind.REMOVED, "was removed");
    }
    if (!Files.exists(JournalFile.wal(file))) {
      throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (its -wal file was removed)");
    }
  }

  /// Checkpoints the write-ahead log into the database file and truncates it. A reader that stays
  /// active for longer than the busy timeout prevents the truncation. That is no error.
  void emptyWal() throws SQLException {
    sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  @Override
  public void close() {
    Connections.closeQuietly(wal);
    Connections.closeQuietly(connection);
  }
}
