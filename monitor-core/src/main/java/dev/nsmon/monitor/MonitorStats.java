package dev.nsmon.monitor;

import dev.nsmon.event.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Statistics and current health of a monitor. The monitor thread writes, any thread may read, and
/// neither waits for the other.
public final class MonitorStats {
  private static final long WAITING = Long.MIN_VALUE;

  private final Durations looks = new Durations();
  private final Durations comparisons = new Durations();
  private volatile Optional<Instant> lastLook = Optional.empty();
  private volatile Optional<Feeding> feeding = Optional.empty();
  private volatile long overruns;
  private volatile long missed;
  private volatile long feedFailures;
  private volatile long searchBehindNanos;

  /// See [#readsSince()]; [#WAITING] while the monitor waits. Set by the monitor thread.
  private volatile long readsSince = WAITING;

  /// A histogram of durations.
  ///
  /// @param bounds upper bounds of the buckets in seconds, ascending
  /// @param counts number of durations in each bucket, not cumulative; the last bucket counts those
  ///   above all bounds
  /// @param seconds sum of all durations
  public record Times(List<Double> bounds, List<Long> counts, double seconds) {}

  /// The source of changes, and whether it works.
  ///
  /// @param source the push source in use, or the best configured one if none could be opened;
  ///   [Source#POLL] if none is configured
  /// @param up true if it works; if not, the monitor polls
  /// @param since when `up` took its current value
  /// @param why why the source does not work; empty if it works
  public record Feeding(Source source, boolean up, Instant since, Optional<String> why) {}

  /// Durations of the full scans.
  public Times looks() {
    return looks.times();
  }

  /// Durations of the comparisons of `/proc` with the records of a push source.
  public Times comparisons() {
    return comparisons.times();
  }

  /// Time of the last full scan or comparison: the start of a scan, the end of a comparison. Empty
  /// until the first scan was appended to the log.
  public Optional<Instant> lastLook() {
    return lastLook;
  }

  /// The source of changes; empty until it is selected.
  public Optional<Feeding> feeding() {
    return feeding;
  }

  /// Number of losses of records: in the kernel, in the push source, or in the monitor if there
  /// were too many to process.
  public long overruns() {
    return overruns;
  }

  /// Number of events that the reconciliation has found and the push source should have delivered.
  public long missed() {
    return missed;
  }

  /// Adds a full scan whose events were appended to the log.
  void looked(Instant time, long nanos) {
    looks.add(nanos);
    lastLook = Optional.of(time);
  }

  /// Adds a comparison.
  void compared(Instant time, long nanos) {
    comparisons.add(nanos);
    lastLook = Optional.of(time);
  }

  /// How often the push source has failed while in use. After each failure it reopens itself.
  public long feedFailures() {
    return feedFailures;
  }

  /// Age of the holder search that is in progress, in nanoseconds; 0 if there is none. While hung
  /// searches prevent a new one, the time since the last one began.
  public long searchBehindNanos() {
    return searchBehindNanos;
  }

  void searchBehind(long nanos) {
    searchBehindNanos = nanos;
  }

  /// The start of the current reading of the host, by [dev.nsmon.namespace.HostClock#nanoTime()].
  /// Each append to the log begins a new one. Empty while the monitor waits.
  OptionalLong readsSince() {
    long since = readsSince;
    return since == WAITING ? OptionalLong.empty() : OptionalLong.of(since);
  }

  /// Called when the monitor begins to read, and after each append to the log.
  void reads(long now) {
    readsSince = now;
  }

  /// Called when the monitor begins to wait: for work, or for slow readers of the log.
  void waits() {
    readsSince = WAITING;
  }

  void feeds(Source source, Instant since) {
    feeding = Optional.of(new Feeding(source, true, since, Optional.empty()));
  }

  void feedDown(Source source, Instant since, String why) {
    feeding = Optional.of(new Feeding(source, false, since, Optional.of(why)));
  }

  // Plain reads and writes of a volatile counter: only the monitor thread writes.
  void feedFailed() {
    long now = feedFailures + 1;
    feedFailures = now;
  }

  void overrun() {
    long now = overruns + 1;
    overruns = now;
  }

  void missed(long changes) {
    long now = missed + changes;
    missed = now;
  }
}
