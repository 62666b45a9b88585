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

/// Opens SQLite connections. Nothing is mapped into memory: a disk that fails must be an error and
/// never a SIGBUS.
final class Connections {
  private static final int WRITER_CACHE_KIB = 4096;
  private static final int READER_CACHE_KIB = 512;
  private static final int BUSY_MILLIS = 2000;

  private Connections() {}

  /// Loads SQLite's native library, which its jar unpacks into `java.io.tmpdir`.
  ///
  /// @throws JournalFault if that can't be done
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

  /// The writer's connection, in WAL mode.
  ///
  /// @param walPages how long the log of pages may get before it is put into the file
  static Connection writer(Path file, int walPages) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    return configured(
        JDBC.createConnection("jdbc:sqlite:" + file.toAbsolutePath(), config.toProperties()),
        // Takes effect in an empty file only.
        "PRAGMA page_size = " + Schema.PAGE_BYTES,
        "PRAGMA cache_size = -" + WRITER_CACHE_KIB,
        "PRAGMA mmap_size = 0",
        // A commit does not wait for the disk; the WAL is synced by its own rhythm.
        "PRAGMA synchronous = NORMAL",
        "PRAGMA journal_mode = WAL",
        "PRAGMA wal_autocheckpoint = " + walPages,
        "PRAGMA journal_size_limit = " + 2L * walPages * Schema.PAGE_BYTES,
        "PRAGMA temp_store = MEMORY");
  }

  /// A connection that only reads.
  static Connection reader(Path file) throws SQLException {
    return configured(
        JDBC.createConnection("jdbc:sqlite:" + file.toAbsolutePath(), readOnly()),
        "PRAGMA cache_size = -" + READER_CACHE_KIB,
        "PRAGMA mmap_size = 0");
  }

  /// One for a file that nobody writes and beside which nothing can be made: without locks.
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

  /// Closes one that may be broken.
  static void closeQuietly(AutoCloseable connection) {
    try {
      connection.close();
    } catch (Exception e) {
      // It is not used any more, and what is wrong with it has been said.
    }
  }
}
