package dev.nsmon.journal;

import java.nio.file.Path;
import java.time.Duration;

/// The path of the journal and its retention limits.
///
/// @param file the database; its `-wal`, `-shm` and `.lock` files are beside it
/// @param maxBytes maximum size of the database and the files beside it; at least [#LEAST_BYTES]
/// @param maxAge older events are deleted
public record JournalSettings(Path file, long maxBytes, Duration maxAge) {
  /// The smallest permitted `maxBytes`. A smaller journal would have no room beside its reserve for
  /// the write-ahead log.
  public static final long LEAST_BYTES = 4 << 20;

  public static final long DEFAULT_BYTES = 1L << 30;
  public static final Duration DEFAULT_AGE = Duration.ofDays(7);

  public JournalSettings {
    if (maxBytes < LEAST_BYTES) {
      throw new IllegalArgumentException("a journal needs " + LEAST_BYTES + " bytes at least");
    }
    if (maxAge.isNegative() || maxAge.isZero()) {
      throw new IllegalArgumentException("a journal must keep something");
    }
  }

  /// The same limits for another file.
  JournalSettings with(Path other) {
    return new JournalSettings(other, maxBytes, maxAge);
  }

  /// Settings with the default limits: 1 GiB and 7 days.
  public JournalSettings(Path file) {
    this(file, DEFAULT_BYTES, DEFAULT_AGE);
  }
}
