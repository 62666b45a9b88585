package dev.nsmon.corpus;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.PushFollower;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.push.KernelRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The product, as far as it observes a host and makes events of that: the only class of the corpus
/// that knows how it is built. What it has to say comes as events; what is to be done when, the
/// caller decides.
final class Subject implements AutoCloseable {
  /// How it is to look.
  ///
  /// @param searchSlice zero to search in one go
  record Options(
      boolean threads,
      boolean includeInitial,
      boolean skipIdle,
      Duration searchEvery,
      Duration searchSlice) {
    static final Options USUAL =
        new Options(false, false, true, Duration.ofSeconds(30), Duration.ZERO);

    Options withThreads() {
      return new Options(true, includeInitial, skipIdle, searchEvery, searchSlice);
    }

    Options includingInitial() {
      return new Options(threads, true, skipIdle, searchEvery, searchSlice);
    }

    Options searchingEvery(Duration interval) {
      return new Options(threads, includeInitial, skipIdle, interval, searchSlice);
    }

    Options searchingInSlices(Duration slice) {
      return new Options(threads, includeInitial, skipIdle, searchEvery, slice);
    }
  }

  private final ProcScanner scanner;
  private final PushFollower follower;
  private final SnapshotDiff diff;

  Subject(Options options, HostClock clock, SimulatedKernel kernel) throws IOException {
    ScanSettings settings =
        ScanSettings.DEFAULT
            .withThreads(options.threads())
            .withSkipIdle(options.skipIdle())
            .withSearchEvery(options.searchEvery())
            .withSearchSlice(options.searchSlice())
            .withDescribe(
                options.includeInitial() ? ScanSettings.Describe.ALL : ScanSettings.Describe.NEWS);
    scanner = new ProcScanner(settings, clock, () -> kernel);
    follower = scanner.follower();
    diff = new SnapshotDiff(options.includeInitial());
  }

  /// Observes everything for the first time: what is there, as events.
  List<NamespaceEvent> begin() throws IOException {
    return diff.baseline(scanner.look());
  }

  /// The same after an earlier run that ended with this state.
  ///
  /// @param generation the highest number that it gave to an inode that was used again
  List<NamespaceEvent> resume(Snapshot earlier, int generation) throws IOException {
    scanner.resume(earlier, generation);
    Snapshot first = scanner.look();
    return diff.resumed(scanner.resumed(earlier), first);
  }

  /// Observes everything: what has changed.
  List<NamespaceEvent> scan() throws IOException {
    Snapshot before = follower.present();
    return diff.between(before, scanner.look());
  }

  /// Takes in records, in the order of their times.
  List<NamespaceEvent> deliver(List<KernelRecord> records) {
    return events(follower.apply(records));
  }

  /// Whether so much was reported that everything must be observed.
  boolean isOverrun() {
    return follower.takeOverflow();
  }

  /// All records older than the first scan are in.
  List<NamespaceEvent> allOlderAreIn() {
    return events(follower.askExiting());
  }

  /// When [#settle] has something to do.
  long settleDueNanos() {
    return follower.settleDueNanos();
  }

  List<NamespaceEvent> settle() {
    return events(follower.settle());
  }

  /// Asks after what no record reports.
  List<NamespaceEvent> ask() {
    return events(follower.askAll());
  }

  /// Compares everything with what records have said.
  List<NamespaceEvent> compare() throws IOException {
    return events(follower.compare());
  }

  /// What the comparison has found and nothing has explained since.
  List<NamespaceEvent> confirm() {
    return events(follower.confirm());
  }

  boolean hasSuspects() {
    return follower.hasSuspects();
  }

  boolean needsSearch() {
    return follower.needsSearch();
  }

  /// Whether a search has begun and has not ended.
  boolean isSearching() {
    return follower.isSearching();
  }

  /// When to go on with it.
  long searchDueNanos() {
    return follower.searchDueNanos();
  }

  /// Searches for what holds namespaces, or goes on with a search.
  List<NamespaceEvent> search() {
    return events(follower.search());
  }

  long regroupDueNanos() {
    return follower.regroupDueNanos();
  }

  /// Reads control groups again: the processes whose group has changed.
  List<Task> regroup() {
    return follower.regroup();
  }

  /// Everything as it is known.
  Snapshot present() {
    return follower.present();
  }

  /// Processes of which a source must report everything.
  int[] followed() {
    return follower.followed();
  }

  /// How many namespaces were born, whether seen or not.
  OptionalLong births() {
    return scanner.births();
  }

  long seenBorn() {
    return scanner.seenBorn();
  }

  private List<NamespaceEvent> events(List<Step> steps) {
    List<NamespaceEvent> events = new ArrayList<>();
    for (Step step : steps) {
      events.addAll(diff.step(step, step.exact() ? Source.PERF : Source.POLL));
    }
    return events;
  }

  @Override
  public void close() {
    scanner.close();
  }
}
