package dev.nsmon.cli;

import dev.nsmon.journal.JournalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the journal is and how much it keeps.
final class JournalOptions {
  private static final String NONE = "none";

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description =
          "Where to keep what was told, or 'none'. Default: journal.db in $$STATE_DIRECTORY, else"
              + " /var/lib/nsmon for root, else $$XDG_STATE_HOME/nsmon or ~/.local/state/nsmon.")
  private String file;

  @Option(
      names = "--journal-size",
      paramLabel = "SIZE",
      defaultValue = "1GiB",
      converter = Converters.OfSize.class,
      description = "How large the journal may get, 4MiB and more. Default: 1GiB.")
  private long size;

  @Option(
      names = "--journal-age",
      paramLabel = "TIME",
      defaultValue = "7d",
      converter = Converters.OfDuration.class,
      description = "How long events are kept. Default: 7d.")
  private Duration age;

  /// Finds values that are out of range.
  void check(Faults faults) {
    if (size < JournalSettings.LEAST_BYTES) {
      faults.add("--journal-size", " goes from 4MiB on, which a journal needs at least");
    }
    if (age.isZero()) {
      faults.add("--journal-age", " must be longer than nothing");
    }
  }

  /// Whether there is to be one.
  boolean isWanted() {
    return !NONE.equals(file);
  }

  /// Empty if there is to be none.
  Optional<JournalSettings> settings() {
    if (!isWanted()) {
      return Optional.empty();
    }
    Path path = file == null ? JournalPath.standard() : Path.of(file);
    return Optional.of(new JournalSettings(path, size, age));
  }
}
