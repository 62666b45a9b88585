package dev.nsmon.cli;

import dev.nsmon.journal.JournalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options for the journal's file and retention.
final class JournalOptions {
  private static final String NONE = "none";
  private static final Duration LONGEST = Duration.ofDays(36_500);

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description =
          "Where to keep what was told, or 'none'. Default: journal.db in $$STATE_DIRECTORY, else"
              + " $$XDG_STATE_HOME/nsmon, else /var/lib/nsmon for root, else ~/.local/state/nsmon.")
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

  /// Reports values that are out of range.
  void check(Faults faults) {
    if (size < JournalSettings.LEAST_BYTES) {
      faults.add("--journal-size", " goes from 4MiB on, which a journal needs at least");
    }
    if (age.isZero() || age.compareTo(LONGEST) > 0) {
      faults.add("--journal-age", " must be longer than nothing, and 36500d at most");
    }
    if (!isWanted()) {
      for (String option : List.of("--journal-size", "--journal-age")) {
        if (faults.isGiven(option)) {
          faults.add(option, " needs a journal, so not --journal none");
        }
      }
    }
  }

  /// False for `--journal none`.
  boolean isWanted() {
    return !NONE.equals(file);
  }

  /// The journal's file; empty for `--journal none`.
  Optional<Path> path() {
    return isWanted()
        ? Optional.of(file == null ? JournalPath.standard() : Path.of(file))
        : Optional.empty();
  }

  /// The settings of the journal; empty for `--journal none`.
  Optional<JournalSettings> settings() {
    return path().map(path -> new JournalSettings(path, size, age));
  }
}
