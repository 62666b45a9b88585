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

/// The one writing connection to a journal that is open. Used by one thread at a time.
final class Database implements AutoCloseable {
  /// Several rows in one statement: what a statement costs by itself is more than what a row does.
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

  /// The latest time of an event since time went back. The first event that is written begins anew.
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
    // SQLite holds no lock on this file that closing another descriptor of it would let go.
    this.wal = FileChannel.open(JournalFile.wal(file), StandardOpenOption.WRITE);
  }

  /// Opens the file, and makes it if it is not there.
  ///
  /// @param newStream the stream of a journal that is made
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

  /// The streams that the file has.
  Streams streams() {
    return streams;
  }

  /// The newest of them, which what is written belongs to.
  Streams.One stream() {
    return streams.newest();
  }

  /// The highest key that is written or being written; 0 if there is none.
  long lastKey() {
    return lastKey;
  }

  /// The highest number of the newest stream that is written or being written; 0 or less if there
  /// is none.
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

  /// Begins a transaction.
  void begin() throws SQLException {
    begin.executeUpdate();
  }

  void commit() throws SQLException {
    commit.executeUpdate();
  }

  /// Begins a stream after all that the file has, within a transaction. From then on what is
  /// written belongs to it.
  ///
  /// @param first the key of its first number, higher than all that may have been used
  void beginStream(String stream, long first) throws SQLException {
    Streams.One one = new Streams.One(first, stream);
    Streams.write(connection, one);
    streams = streams.with(one);
  }

  /// Writes entries of the newest stream, within a transaction.
  ///
  /// @return how many bytes their records have
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

  /// Times mostly grow with the keys; where they don't, because somebody has set the clock, that is
  /// noted for those who search by time.
  private void noteTime(long rowKey, long micros) throws SQLException {
    if (micros < latestMicros - Times.DISORDER_MICROS) {
      update("INSERT OR REPLACE INTO turns VALUES (" + rowKey + ")");
      latestMicros = micros;
    }
    latestMicros = Math.max(latestMicros, micros);
  }

  /// Writes a checkpoint of the newest stream, within a transaction.
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

  /// Waits until what has been committed is on the disk.
  void sync() throws IOException {
    wal.force(false);
  }

  long walBytes() throws IOException {
    return wal.size();
  }

  /// Fails unless the file of this name is still the one that was opened: what is written to a file
  /// that somebody has removed is lost without an error.
  void checkThatItIsThere() throws JournalFault {
    if (key == null || !key.equals(JournalFile.key(file))) {
      throw new JournalFault(JournalFault.Kind.REMOVED, "was removed");
    }
    if (!Files.exists(JournalFile.wal(file))) {
      throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (its -wal file was removed)");
    }
  }

  /// Moves all that is in the log of pages into the file, and empties the log, if no reader is in
  /// the way.
  void emptyWal() throws SQLException {
    sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  @Override
  public void close() {
    Connections.closeQuietly(wal);
    Connections.closeQuietly(connection);
  }
}
