package dev.nsmon.journal;

import java.nio.file.Path;
import java.time.Duration;

/// Where the journal is and how much it keeps.
///
/// @param file the database; `-wal`, `-shm` and `.lock` lie beside it
/// @param maxBytes how large it may get with all that lies beside it, at least [#LEAST_BYTES]
/// @param maxAge what is older goes
public record JournalSettings(Path file, long maxBytes, Duration maxAge) {
  /// Below this there is no room to work in.
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

  /// With the usual limits: 1 GiB and 7 days.
  public JournalSettings(Path file) {
    this(file, DEFAULT_BYTES, DEFAULT_AGE);
  }
}
