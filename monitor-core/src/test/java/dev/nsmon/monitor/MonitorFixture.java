package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.AttentionRules;
import dev.nsmon.event.KnownGood;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Naming;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.FakeProc;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.Push;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A monitor over a fake host and a fake source, and what it reports. It has no thread: a test
/// pushes to it, and lets time pass for it.
///
/// Processes have numbers that no real one has: their CPU clocks are the kernel's.
abstract class MonitorFixture {
  static final int PID = 5_000_000;
  private static final long FAKE = 4_290_000_000L;
  static final long LONG_AGO = 100;
  static final Duration SOON = Duration.ofMillis(20);
  static final Duration NEVER = Duration.ofHours(1);

  /// So often there is something to do at one moment, at most. More is a loop that does not wait.
  private static final int MOST_TURNS = 10;

  @TempDir Path directory;
  FakeProc proc;
  final TestClock clock = new TestClock();
  final FakeKernel kernel = new FakeKernel();
  final FakeSource source = FakeSource.granted();
  final List<String> remarks = new CopyOnWriteArrayList<>();
  private final EventLog log = new EventLog("stream", 1 << 20, clock);
  private final EventLog.Cursor cursor = log.from(1);
  private final List<NamespaceEvent> events = new ArrayList<>();
  private ProcScanner scanner;
  Monitor monitor;

  @BeforeEach
  void aHostWithItsFirstProcess() {
    proc = new FakeProc(directory);
    proc.process(1, LONG_AGO);
  }

  @AfterEach
  void close() {
    // A monitor's thread closes it when it ends.
    if (scanner != null && !hasEnded()) {
      scanner.close();
    }
  }

  /// Makes a monitor that has not begun.
  void make(Duration interval, Duration reconcile, Feed... feeds) throws IOException {
    ScanSettings settings =
        ScanSettings.DEFAULT
            .withMountPoint(proc.mountPoint())
            .withKernelIds(false)
            .withSkipIdle(false);
    scanner = new ProcScanner(settings, clock, kernel::calls);
    monitor =
        new Monitor(
            scanner,
            new SnapshotDiff(false),
            new AttentionRules(KnownGood.runtimes()),
            Naming.NONE,
            log,
            new MonitorSettings(interval, reconcile),
            List.of(feeds),
            Optional.empty(),
            _ -> {},
            remarks::add,
            clock);
  }

  void start(Duration interval, Duration reconcile, Feed... feeds) throws IOException {
    make(interval, reconcile, feeds);
    assertTrue(monitor.begin());
  }

  void startPushed() throws IOException {
    start(SOON, NEVER, new Feed(Source.PERF, source));
  }

  private void turn() {
    try {
      monitor.turn(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Has the source push this, and the monitor take it.
  void push(Push push) {
    source.say(push);
    turn();
  }

  /// Lets time pass. The monitor does at each moment what is due then.
  void advance(Duration time) {
    long end = clock.nanoTime() + time.toNanos();
    int turns = 0;
    while (monitor.dueNanos() <= end) {
      long wait = monitor.dueNanos() - clock.nanoTime();
      turns = wait > 0 ? 1 : turns + 1;
      assertTrue(turns < MOST_TURNS, "there is always something to do, and nothing is done");
      clock.advance(Duration.ofNanos(Math.max(0, wait)));
      turn();
    }
    clock.advance(Duration.ofNanos(end - clock.nanoTime()));
  }

  /// What the monitor has reported by now.
  List<NamespaceEvent> told() {
    try {
      for (Optional<List<Entry>> taken = cursor.take(100, Duration.ZERO);
          taken.isPresent() && !taken.get().isEmpty();
          taken = cursor.take(100, Duration.ZERO)) {
        taken.get().forEach(entry -> events.add(entry.event()));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return List.copyOf(events);
  }

  /// Whether the log has ended, and all of it is in [#told].
  boolean hasEnded() {
    told();
    try {
      return cursor.take(1, Duration.ZERO).isEmpty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// In words, and by whom, since the baseline.
  List<String> news() {
    List<NamespaceEvent> all = told();
    int synced = 0;
    while (!(all.get(synced) instanceof Synced)) {
      synced++;
    }
    return all.subList(synced + 1, all.size()).stream().map(MonitorFixture::words).toList();
  }

  private static String words(NamespaceEvent event) {
    String what =
        switch (event) {
          case Created created -> "created " + created.namespace().name();
          case Joined joined -> "joined " + who(joined.process());
          case Left left -> "left " + who(left.process());
          case Destroyed destroyed -> "destroyed " + destroyed.namespace().name();
          case Synced _ -> "synced";
          case EventsLost lost -> "lost " + words(lost.count());
          case NamespaceEvent.Other other -> "other " + other.word();
        };
    return what + " " + event.sighting().source();
  }

  private static String words(OptionalLong count) {
    return count.isPresent() ? Long.toString(count.getAsLong()) : "some";
  }

  private static String who(Task task) {
    return "+" + (task.pid() - PID);
  }

  void assertNews(String... news) {
    assertEquals(List.of(news), news());
  }

  static String net(int number) {
    return "net:[" + (FAKE + number) + "]";
  }

  /// A moment later than all before.
  long stamp() {
    clock.advance(Duration.ofNanos(1000));
    return clock.nanoTime();
  }

  Forked fork(int pid, int net) {
    return fork(stamp(), pid, net);
  }

  /// @param net initial in all other types
  static Forked fork(long nanos, int pid, int net) {
    long[] inodes = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      inodes[type.ordinal()] = type == NamespaceType.TIME ? 0 : type.initialInode();
    }
    inodes[NamespaceType.NET.ordinal()] = FAKE + net;
    return new Forked(nanos, pid, pid, 1, "sh", new Inodes(inodes));
  }

  Exited exit(int pid) {
    return new Exited(stamp(), pid, pid);
  }

  Push batch(KernelRecord... records) {
    return new Push.Batch(List.of(records), stamp());
  }

  static Push lost(long count) {
    return new Push.Lost(OptionalLong.of(count));
  }
}
