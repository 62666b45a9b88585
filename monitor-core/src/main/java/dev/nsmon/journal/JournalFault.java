package dev.nsmon.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A fault of the journal. Its message is for the user: it continues a sentence that begins with
/// the path of the file.
final class JournalFault extends IOException {
  private static final long serialVersionUID = 1;
  private static final long FULL_BELOW = 64 * 1024;
  private static final String TRIED = " (it is tried every 5 s)";

  /// How the journal reacts to the fault.
  enum Kind {
    /// The content of the file is damaged: the file is set aside.
    CORRUPT,
    /// The file no longer exists at its path: a new one is created.
    REMOVED,
    /// The fault may be temporary: the journal is tried again.
    FAILING,
    /// Another monitor holds the lock: the journal is tried again until that monitor has ended.
    IN_USE,
    /// The fault lasts as long as this monitor runs, and the file must not be changed. The journal
    /// is not used.
    REFUSED
  }

  private final Kind kind;

  JournalFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  JournalFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /// The message and how the journal reacts, as the end of a message for the user.
  String consequence() {
    return getMessage()
        + switch (kind) {
          case REFUSED -> "; this monitor goes on without a journal";
          case IN_USE -> "; until that one ends, events are kept in memory only" + TRIED;
          case CORRUPT, REMOVED, FAILING ->
              "; until it works again, events are kept in memory only" + TRIED;
        };
  }

  /// True if the fault concerns this file only, so that a new file may work.
  boolean isOfFile() {
    return kind == Kind.CORRUPT || kind == Kind.REMOVED;
  }

  /// Maps an SQLite result code to a fault (sqlite.org/rescode.html).
  static JournalFault of(SQLException e, Path file) {
    SQLiteErrorCode code =
        e instanceof SQLiteException known
            ? known.getResultCode()
            : SQLiteErrorCode.getErrorCode(e.getErrorCode());
    // The low byte is the primary code. The bytes above only say which operation failed.
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_MISMATCH, SQLITE_CONSTRAINT ->
          new JournalFault(Kind.CORRUPT, "is damaged (" + code.message + ")", e);
      // A "no such table" or "no such column": an intact file has them, so the schema is damaged.
      case SQLITE_ERROR ->
          String.valueOf(e.getMessage()).contains("no such")
              ? new JournalFault(Kind.CORRUPT, "is damaged (" + code.message + ")", e)
              : failing("can't be used (" + e.getMessage() + ")", e);
      case SQLITE_FULL -> failing("has no room: the disk is full", e);
      case SQLITE_READONLY -> failing("can't be written: it is read-only", e);
      case SQLITE_BUSY, SQLITE_LOCKED -> failing("is locked by another program", e);
      case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> failing(closed(file), e);
      default ->
          isFull(file)
              ? failing("has no room: the disk is full", e)
              : failing("can't be used (" + code.message + ")", e);
    };
  }

  /// Maps a failed call on the file to a fault.
  static JournalFault of(IOException e, Path file) {
    if (e instanceof JournalFault fault) {
      return fault;
    }
    if (isFull(file)) {
      return failing("has no room: the disk is full", e);
    }
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return switch (e) {
      case java.nio.file.AccessDeniedException _ ->
          failing("can't be written: permission denied for " + reason, e);
      case java.nio.file.FileAlreadyExistsException _ ->
          failing("can't be made: " + reason + " is no directory", e);
      default -> failing("can't be used (" + reason + ")", e);
    };
  }

  private static JournalFault failing(String message, Throwable cause) {
    return new JournalFault(Kind.FAILING, message, cause);
  }

  private static String closed(Path file) {
    if (Files.isDirectory(file)) {
      return "is a directory";
    }
    Path parent = file.toAbsolutePath().getParent();
    if (isFull(file)) {
      return "has no room: the disk is full";
    }
    return Files.isWritable(parent)
        ? "can't be opened"
        : "can't be written: no permission for " + parent;
  }

  private static boolean isFull(Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      return Files.getFileStore(parent).getUsableSpace() < FULL_BELOW;
    } catch (IOException e) {
      return false;
    }
  }
}
