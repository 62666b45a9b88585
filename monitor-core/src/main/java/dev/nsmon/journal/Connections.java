package dev.nsmon.journal;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.SQLiteOpenMode;

/// Opens SQLite connections. The database file is never mapped into memory: an I/O error of the
/// disk must be an error code and not a SIGBUS.
final class Connections {
  private static final int WRITER_CACHE_KIB = 4096;
  private static final int READER_CACHE_KIB = 512;
  private static final int BUSY_MILLIS = 2000;

  private Connections() {}

  /// Loads SQLite's native library. Its jar unpacks it into `org.sqlite.tmpdir` or, without that
  /// property, into `java.io.tmpdir`.
  ///
  /// @throws JournalFault if it can't be unpacked or loaded
  static void loadNative() throws JournalFault {
    try {
      if (SQLiteJDBCLoader.initialize()) {
        return;
      }
    } catch (Exception | LinkageError e) {
      throw noNative(e);
    }
    throw noNative(null);
  }

  private static JournalFault noNative(Throwable cause) {
    return new JournalFault(
        JournalFault.Kind.REFUSED,
        "can't be used: SQLite's library could not be unpacked and loaded in "
            + System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"))
            + ", which must have room and permit execution",
        cause);
  }

  /// Opens the connection of the writer, in WAL mode.
  ///
  /// @param walPages length of the write-ahead log, in pages, at which SQLite checkpoints it
  static Connection writer(Path file, int walPages) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    return configured(
        JDBC.createConnection("jdbc:sqlite:" + file.toAbsolutePath(), config.toProperties()),
        // Takes effect only while the file is empty.
        "PRAGMA page_size = " + Schema.PAGE_BYTES,
        "PRAGMA cache_size = -" + WRITER_CACHE_KIB,
        "PRAGMA mmap_size = 0",
        // A commit does not sync. The writer syncs the write-ahead log itself, see Database.sync.
        "PRAGMA synchronous = NORMAL",
        "PRAGMA journal_mode = WAL",
        "PRAGMA wal_autocheckpoint = " + walPages,
        "PRAGMA journal_size_limit = " + 2L * walPages * Schema.PAGE_BYTES,
        "PRAGMA temp_store = MEMORY");
  }

  /// Opens a connection that only reads.
  static Connection reader(Path file) throws SQLException {
    return configured(
        JDBC.createConnection("jdbc:sqlite:" + file.toAbsolutePath(), readOnly()),
        "PRAGMA cache_size = -" + READER_CACHE_KIB,
        "PRAGMA mmap_size = 0");
  }

  /// Opens a read-only connection without locks (`immutable=1`, see sqlite.org/uri.html). It is for
  /// a file that no process writes. SQLite then creates no files beside it.
  static Connection frozen(Path file) throws SQLException {
    URI name = file.toAbsolutePath().toUri();
    return configured(
        JDBC.createConnection("jdbc:sqlite:file:" + name.getRawPath() + "?immutable=1", readOnly()),
        "PRAGMA cache_size = -" + READER_CACHE_KIB);
  }

  private static Properties readOnly() {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.toProperties();
  }

  private static Connection configured(Connection connection, String... pragmas)
      throws SQLException {
    try (Statement sql = connection.createStatement()) {
      for (String pragma : pragmas) {
        sql.execute(pragma);
      }
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /// Closes a resource that may be broken, and ignores errors.
  static void closeQuietly(AutoCloseable connection) {
    try {
      connection.close();
    } catch (Exception e) {
      // The resource is not used again, so the error has no effect.
    }
  }
}
