package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.procfs.FirstScan.Scanned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Searches for what holds namespaces besides the processes in them: at the first look, when a
/// namespace outlives its last process, and every so often.
///
/// The search is expensive: a user may make 100,000 mounts and 10,000 threads. The first is done in
/// one go, a later one in [Slices], so that it takes at most a tenth of the time and nobody waits
/// for it. A process that does not answer for its sockets is left out of later searches.
final class HolderSearch implements AutoCloseable {
  /// So many times as long as a search in one go took there is none.
  private static final int REST = 10;

  /// Who has not answered after so long is given up, with the thread that waits for it.
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /// While so many threads wait for an answer there is no other search.
  private static final int MOST_GIVEN_UP = 8;

  private final ScanSettings settings;
  private final NamespaceTable table;
  private final MountSearch mounts;
  private final DescriptorSearch descriptors;
  private final Supplier<Sockets> sockets;
  private final HostClock clock;
  private final Supplier<? extends KernelCalls> kernel;
  private final Holders holders;
  private final List<Slices> givenUp = new ArrayList<>();
  private Runnable ready = () -> {};
  private SearchReader reader;
  private Slices slices;

  /// The search that has begun and has not ended; null if there is none.
  private Search current;

  /// The search that has ended in this look or step; null if none has.
  private Search complete;

  /// The last search; null before the first has ended.
  private Past past;

  /// Of the first look; null before and after it.
  private FirstScan firstScan;

  HolderSearch(
      ScanSettings settings,
      NamespaceTable table,
      Places places,
      MountSearch mounts,
      DescriptorSearch descriptors,
      Supplier<Sockets> sockets,
      HostClock clock,
      Supplier<? extends KernelCalls> kernel)
      throws IOException {
    this.settings = settings;
    this.table = table;
    this.mounts = mounts;
    this.descriptors = descriptors;
    this.sockets = sockets;
    this.clock = clock;
    this.kernel = kernel;
    this.holders = new Holders(table, places);
    prepare();
  }

  /// @param look the look or step in which it began
  /// @param empty the namespaces without members at that time
  private record Search(
      int look, boolean sliced, long beganNanos, Set<Known> empty, Sockets sockets) {}

  /// @param restNanos for how long there is none after it
  private record Past(long beganNanos, long endedNanos, long restNanos) {}

  private void prepare() throws IOException {
    SearchReader with = new SearchReader(settings, kernel.get());
    reader = with;
    slices =
        new Slices(
            clock,
            settings.searchSlice(),
            with.proc::threadCpuNanos,
            () -> ready.run(),
            with::close);
  }

  /// Calls this when a search can go on that nobody waited for; on any thread.
  void whenReady(Runnable call) {
    ready = call;
  }

  /// A look has listed these processes: the first has them searched while it reads their links.
  void listed(DirectoryList pids) {
    if (past == null) {
      firstScan = FirstScan.start(settings.mountPoint(), kernel, pids);
    }
  }

  /// Whether the next scan must include the slow search.
  ///
  /// The interval runs from the beginning of the last search and is shortened by a tenth. A caller
  /// that scans once in each interval would else come a moment too early every second time.
  boolean isDue() {
    if (past == null || current != null) {
      return past == null;
    }
    long every = settings.searchEvery().toNanos();
    return clock.nanoTime() - past.beganNanos() >= Math.max(every - every / 10, past.restNanos());
  }

  private boolean isRested() {
    return clock.nanoTime() - past.endedNanos() >= past.restNanos();
  }

  /// Searches if it must be, for a slice at most; whether what is known to be held has changed.
  boolean search(int look, Slots slots, boolean changed) {
    if (changed) {
      holders.markUse(slots);
    }
    boolean changes = mounts.ownMountsChanged();
    complete = null;
    giveUp(slots);
    if (current == null && mayBegin(look)) {
      begin(look, slots);
    }
    if (current != null && slices.advance()) {
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
    return givenUp.size() < MOST_GIVEN_UP && (isDue() || (isRested() && holders.areWanted(look)));
  }

  private void begin(int look, Slots slots) {
    Set<Known> empty = new HashSet<>();
    for (Known known : table.all()) {
      if (!known.hasMembers()) {
        empty.add(known);
      }
    }
    boolean sliced = past != null && !settings.searchSlice().isZero();
    Search begun = new Search(look, sliced, clock.nanoTime(), empty, sockets.get());
    current = begun;
    reader.in(sliced ? Optional.of(slices) : Optional.empty());
    if (sliced) {
      slices.begin(() -> run(begun, slots));
    } else {
      run(begun, slots);
    }
  }

  private void run(Search search, Slots slots) {
    List<Slot> processes = List.copyOf(slots);
    mounts.searchAll(processes, slots, reader);
    Map<Integer, Scanned> scanned = firstScan == null ? Map.of() : firstScan.found();
    descriptors.search(processes, slots, scanned, reader, search.sockets());
  }

  private void end() {
    complete = current;
    current = null;
    firstScan = null;
    long now = clock.nanoTime();
    long rest =
        complete.sliced() ? slices.restsUntil() - now : REST * (now - complete.beganNanos());
    past = new Past(complete.beganNanos(), now, rest);
    for (Known known : table.all()) {
      known.searched = !known.hasMembers() && complete.empty().contains(known);
    }
  }

  /// Gives up a search that waits for an answer which does not come.
  private void giveUp(Slots slots) {
    givenUp.removeIf(Slices::isIdle);
    if (slices.aloneNanos() < PATIENCE_NANOS) {
      return;
    }
    Slices waiting = slices;
    try {
      prepare();
    } catch (IOException e) {
      return; // For want of descriptors: next time.
    }
    Slot silent = slots.find(current.sockets().asking());
    if (silent != null) {
      silent.silent = true;
    }
    waiting.close();
    givenUp.add(waiting);
    past = new Past(current.beganNanos(), clock.nanoTime(), 0);
    current = null;
  }

  /// The namespaces whose end the search has shown that has just ended, see [Holders#unheld].
  Set<Known> unheld(int look, List<Slot> slots) {
    return complete == null || !mounts.isComplete()
        ? Set.of()
        : holders.unheld(look, slots, complete.empty(), complete.look() == look);
  }

  /// What is known to hold each namespace besides its members, by key.
  Map<String, List<Holder>> present() {
    return holders.present();
  }

  /// Whether a search has begun and has not ended.
  boolean isSearching() {
    return current != null;
  }

  /// When a search that has begun can go on, or is to be given up, by [HostClock#nanoTime()];
  /// [Long#MAX_VALUE] if there is none.
  long dueNanos() {
    long alone = slices.aloneNanos();
    return alone > 0 ? clock.nanoTime() - alone + PATIENCE_NANOS : slices.dueNanos();
  }

  /// For how long a search has been under way that should have ended by now, in nanoseconds; 0 if
  /// there is none.
  long behindNanos() {
    return current != null
        ? clock.nanoTime() - current.beganNanos()
        : givenUp.size() < MOST_GIVEN_UP ? 0 : clock.nanoTime() - past.beganNanos();
  }

  @Override
  public void close() {
    slices.close();
    mounts.close();
  }
}
