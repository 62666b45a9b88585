package dev.nsmon.monitor;

import dev.nsmon.event.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a monitor has done so far, and how it looks now. The monitor's thread writes, any thread
/// may read, and neither waits for the other.
public final class MonitorStats {
  private final Durations looks = new Durations();
  private final Durations comparisons = new Durations();
  private volatile Optional<Instant> lastLook = Optional.empty();
  private volatile Optional<Feeding> feeding = Optional.empty();
  private volatile long overruns;
  private volatile long missed;
  private volatile long feedFailures;
  private volatile long searchBehindNanos;

  /// How often something took how long.
  ///
  /// @param bounds in seconds, rising
  /// @param counts how often it took as long as each bound at most, and more than the one before;
  ///   the last for what took longer than all
  /// @param seconds in all
  public record Times(List<Double> bounds, List<Long> counts, double seconds) {}

  /// Who tells of changes.
  ///
  /// @param source the push source in use, or the best that was wanted where the kernel grants
  ///   none; [Source#POLL] where none was wanted
  /// @param up whether it works; where it does not, the monitor polls
  /// @param since when it came to that
  /// @param why it does not work; empty if it does
  public record Feeding(Source source, boolean up, Instant since, Optional<String> why) {}

  /// Looks at everything.
  public Times looks() {
    return looks.times();
  }

  /// Comparisons of `/proc` with what a push source has told.
  public Times comparisons() {
    return comparisons.times();
  }

  /// When everything was last looked at or compared; empty before the first look is told.
  public Optional<Instant> lastLook() {
    return lastLook;
  }

  /// Empty before that is decided.
  public Optional<Feeding> feeding() {
    return feeding;
  }

  /// How often a push source had to drop records.
  public long overruns() {
    return overruns;
  }

  /// How many changes looks have found that the push source should have told and did not.
  public long missed() {
    return missed;
  }

  /// A look is over and told.
  void looked(Instant time, long nanos) {
    looks.add(nanos);
    lastLook = Optional.of(time);
  }

  /// A comparison is over.
  void compared(Instant time, long nanos) {
    comparisons.add(nanos);
    lastLook = Optional.of(time);
  }

  /// How often the push source has ended, to be opened again.
  public long feedFailures() {
    return feedFailures;
  }

  /// For how long a search for what holds namespaces has been under way that should have ended by
  /// now, in nanoseconds; 0 if there is none.
  public long searchBehindNanos() {
    return searchBehindNanos;
  }

  void searchBehind(long nanos) {
    searchBehindNanos = nanos;
  }

  void feeds(Source source, Instant since) {
    feeding = Optional.of(new Feeding(source, true, since, Optional.empty()));
  }

  void feedDown(Source source, Instant since, String why) {
    feeding = Optional.of(new Feeding(source, false, since, Optional.of(why)));
  }

  void feedFailed() {
    long now = feedFailures + 1;
    feedFailures = now;
  }

  // One thread writes, so that reading and writing may be two steps.
  void overrun() {
    long now = overruns + 1;
    overruns = now;
  }

  void missed(long changes) {
    long now = missed + changes;
    missed = now;
  }
}
