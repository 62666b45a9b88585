package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.proc.DirectoryList;
import dev.nsmon.procfs.FirstScan.Scanned;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Searches for what holds namespaces besides the processes in them: in the first scan, when a
/// namespace outlives its last process, and at intervals.
///
/// A search is expensive: a user may make 100,000 mounts and 10,000 threads. It runs in [Slices],
/// so that it uses at most a tenth of a CPU and delays events by one slice at most; the first one
/// runs without a rest. A search that blocks while it asks the sockets of a process is abandoned.
/// The sockets of that process are not asked for some minutes.
final class HolderSearch implements AutoCloseable {
  /// A search in one go is followed by a rest of so many times its duration.
  private static final int REST = 10;

  /// After so long without an answer, a search that asks sockets is abandoned.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// The same during the first scan, which waits for the search.
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(2);

  private final ScanSettings settings;
  private final NamespaceTable table;
  private final Discovery discovery;
  private final MountSearch mounts;
  private final DescriptorSearch descriptors;
  private final HostClock clock;
  private final Supplier<? extends KernelCalls> kernel;
  private final Holders holders;
  private final SearchThreads threads;

  /// The search in progress; null if there is none.
  private Search current;

  /// The search that has ended in this scan or step; null if none has.
  private Search complete;

  /// The last search that has ended; null before the first.
  private Past past;

  /// Of the first scan; null before and after it.
  private FirstScan firstScan;

  /// Start of the first search since the last one that has ended; 0 if none has begun.
  private long behindSince;

  HolderSearch(
      ScanSettings settings,
      NamespaceTable table,
      Places places,
      Discovery discovery,
      MountSearch mounts,
      DescriptorSearch descriptors,
      SearchThreads threads,
      HostClock clock,
      Supplier<? extends KernelCalls> kernel) {
    this.settings = settings;
    this.table = table;
    this.discovery = discovery;
    this.mounts = mounts;
    this.descriptors = descriptors;
    this.clock = clock;
    this.kernel = kernel;
    this.holders = new Holders(table, places);
    this.threads = threads;
  }

  /// @param look the scan or step in which it began
  /// @param empty the namespaces without members at that time
  private record Search(int look, long beganNanos, Set<Known> empty, Sockets sockets) {}

  /// @param restNanos how long no search in one go follows
  private record Past(long beganNanos, long endedNanos, long restNanos) {}

  private boolean isSliced() {
    return !settings.searchSlice().isZero();
  }

  /// See [SearchThreads#whenReady].
  void whenReady(Runnable call) {
    threads.whenReady(call);
  }

  private Slices slices() {
    return threads.reader().slices;
  }

  /// A scan has listed these processes. During the first scan, another thread reads their
  /// descriptors.
  void listed(DirectoryList pids) {
    if (past == null) {
      firstScan = FirstScan.start(settings.mountPoint(), kernel, pids);
    }
  }

  /// Whether the next scan must include a search.
  ///
  /// The interval runs from the beginning of the last search and is shortened by a tenth. A caller
  /// that scans once in each interval would else come a moment too early every second time.
  boolean isDue() {
    if (past == null || current != null) {
      return past == null;
    }
    long every = settings.searchEvery().toNanos();
    long rest = isSliced() ? 0 : past.restNanos();
    return clock.nanoTime() - past.beganNanos() >= Math.max(every - every / 10, rest);
  }

  private boolean isRested() {
    return isSliced()
        ? clock.nanoTime() - slices().restsUntil() >= 0
        : clock.nanoTime() - past.endedNanos() >= past.restNanos();
  }

  /// Begins or continues a search if that is due or needed.
  ///
  /// @return whether the known holders have changed
  boolean search(int look, Slots slots, boolean changed) {
    if (changed) {
      holders.markUse(slots);
    }
    boolean changes = mounts.ownMountsChanged();
    complete = null;
    boolean blocks = slices().aloneNanos() >= PATIENCE.toNanos() && isAsking();
    if (blocks) {
      abandon(slots);
    } else if (current == null && mayBegin(look)) {
      begin(look, slots);
    }
    if (current != null && advance(look, slots)) {
      end();
      changes = true;
    }
    if (changes) {
      mounts.searchOwn();
      holders.assemble(look, slots, mounts.found());
    }
    return changes;
  }

  private boolean mayBegin(int look) {
    if (past == null) {
      return true;
    }
    boolean due = isDue() && (isRested() || !isSliced());
    return due || (isRested() && holders.areWanted(look));
  }

  private void begin(int look, Slots slots) {
    Set<Known> empty = new HashSet<>();
    for (Known known : table.all()) {
      if (!known.hasMembers()) {
        empty.add(known);
      }
    }
    long now = clock.nanoTime();
    Sockets sockets = new Sockets(table, discovery, threads.silent(now));
    Search begun = new Search(look, now, empty, sockets);
    current = begun;
    behindSince = behindSince == 0 ? now : behindSince;
    if (isSliced()) {
      slices().begin(() -> run(begun, slots));
    }
  }

  /// One slice of the current search; the whole search if it is the first, or in one go.
  ///
  /// @return whether it has ended
  private boolean advance(int look, Slots slots) {
    if (!isSliced()) {
      run(current, slots);
      return true;
    }
    if (past != null) {
      boolean isDue = clock.nanoTime() - slices().dueNanos() >= 0;
      return isDue && slices().advance(settings.searchSlice());
    }
    while (!slices().advance(FIRST_PATIENCE) && !Thread.currentThread().isInterrupted()) {
      if (!slices().isBackWithin(FIRST_PATIENCE) && isAsking() && abandon(slots)) {
        begin(look, slots);
      }
    }
    return true;
  }

  private void run(Search search, Slots slots) {
    SearchReader reader = threads.reader();
    List<Slot> processes = List.copyOf(slots);
    mounts.searchAll(processes, slots, reader);
    Map<Integer, Scanned> scanned = firstScan == null ? Map.of() : firstScan.found();
    descriptors.search(processes, slots, scanned, reader, search.sockets());
  }

  private void end() {
    complete = current;
    current = null;
    firstScan = null;
    behindSince = 0;
    long now = clock.nanoTime();
    past = new Past(complete.beganNanos(), now, REST * (now - complete.beganNanos()));
    for (Known known : table.all()) {
      known.searched = !known.hasMembers() && complete.empty().contains(known);
    }
  }

  private boolean isAsking() {
    return current != null && current.sockets().asking() != 0;
  }

  /// Abandons the current search, which is blocked. The next one uses another thread.
  ///
  /// @return false if that can't be done now, for want of descriptors
  private boolean abandon(Slots slots) {
    if (!threads.replace(slots.find(current.sockets().asking()))) {
      return false;
    }
    current = null;
    holders.forgetUnheld();
    return true;
  }

  /// The namespaces whose end the search has shown that has just ended, see [Holders#unheld].
  Set<Known> unheld(int look, List<Slot> slots) {
    if (complete == null) {
      return Set.of();
    }
    if (!mounts.isComplete()) {
      holders.forgetUnheld();
      return Set.of();
    }
    return holders.unheld(look, slots, complete.empty(), complete.look() == look);
  }

  /// What is known to hold each namespace besides its members, by key.
  Map<String, List<Holder>> present() {
    return holders.present();
  }

  /// Whether a search has begun and has not ended.
  boolean isSearching() {
    return current != null;
  }

  /// When to call [#search] for the search in progress, by [HostClock#nanoTime()]; [Long#MAX_VALUE]
  /// if there is none.
  long dueNanos() {
    long alone = slices().aloneNanos();
    return alone > 0 && isAsking()
        ? clock.nanoTime() - alone + PATIENCE.toNanos()
        : slices().dueNanos();
  }

  /// How long it takes to complete the search in progress, in nanoseconds, with those before it
  /// that were abandoned; 0 if none is in progress.
  long behindNanos() {
    return behindSince == 0 ? 0 : clock.nanoTime() - behindSince;
  }

  @Override
  public void close() {
    threads.close();
    mounts.close();
  }
}
