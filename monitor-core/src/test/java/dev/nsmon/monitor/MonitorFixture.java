package dev.nsmon.monitor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
import dev.nsmon.namespace.HostClock;
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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A monitor over a fake host and a fake source, and what it tells.
///
/// Processes have numbers that no real one has: their CPU clocks are the kernel's.
abstract class MonitorFixture {
  static final int PID = 5_000_000;
  private static final long FAKE = 4_290_000_000L;
  static final long LONG_AGO = 100;
  static final Duration SOON = Duration.ofMillis(20);
  static final Duration NEVER = Duration.ofHours(1);

  @TempDir Path directory;
  FakeProc proc;
  final FakeSource source = FakeSource.granted();
  final ConcurrentLinkedQueue<String> remarks = new ConcurrentLinkedQueue<>();
  private final EventLog log = new EventLog("stream", 1 << 20, HostClock.SYSTEM);
  private final EventLog.Cursor cursor = log.from(1);
  private final List<NamespaceEvent> events = new ArrayList<>();
  private boolean ended;
  private Thread reader;
  Monitor monitor;

  @BeforeEach
  void aHostWithItsFirstProcess() {
    proc = new FakeProc(directory);
    proc.process(1, LONG_AGO);
  }

  void start(Duration interval, Duration reconcile, Feed... feeds) throws IOException {
    ScanSettings settings =
        ScanSettings.DEFAULT
            .withMountPoint(proc.mountPoint())
            .withKernelIds(false)
            .withSkipIdle(false);
    monitor =
        new Monitor(
            new ProcScanner(settings, HostClock.SYSTEM),
            new SnapshotDiff(false),
            new AttentionRules(KnownGood.runtimes()),
            Naming.NONE,
            log,
            new MonitorSettings(interval, reconcile),
            List.of(feeds),
            Optional.empty(),
            _ -> {},
            remarks::add,
            HostClock.SYSTEM);
    reader = Thread.ofVirtual().start(this::read);
    monitor.start();
    soon().until(() -> told().stream().anyMatch(Synced.class::isInstance));
  }

  void startPushed() throws IOException {
    start(SOON, NEVER, new Feed(Source.PERF, source));
  }

  private void read() {
    try {
      for (Optional<List<Entry>> taken = cursor.take(100);
          taken.isPresent();
          taken = cursor.take(100)) {
        synchronized (events) {
          taken.get().forEach(entry -> events.add(entry.event()));
        }
      }
      synchronized (events) {
        ended = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stopped() {
    if (monitor != null) {
      monitor.stop();
      soon().atMost(Duration.ofSeconds(1)).until(this::hasEnded);
      soon().until(() -> !reader.isAlive());
      assertFalse(monitor.hasFailed());
    }
  }

  boolean hasEnded() {
    synchronized (events) {
      return ended;
    }
  }

  List<NamespaceEvent> told() {
    synchronized (events) {
      return List.copyOf(events);
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
        };
    return what + " " + event.sighting().source();
  }

  private static String words(OptionalLong count) {
    return count.isPresent() ? Long.toString(count.getAsLong()) : "some";
  }

  private static String who(Task task) {
    return "+" + (task.pid() - PID);
  }

  static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  void awaitNews(String... news) {
    soon().untilAsserted(() -> assertEquals(List.of(news), news()));
  }

  static String net(int number) {
    return "net:[" + (FAKE + number) + "]";
  }

  static Forked fork(int pid, int net) {
    long[] inodes = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      inodes[type.ordinal()] = type == NamespaceType.TIME ? 0 : type.initialInode();
    }
    inodes[NamespaceType.NET.ordinal()] = FAKE + net;
    return new Forked(System.nanoTime(), pid, pid, 1, "sh", new Inodes(inodes));
  }

  static Exited exit(int pid) {
    return new Exited(System.nanoTime(), pid, pid);
  }

  static Push batch(KernelRecord... records) {
    return new Push.Batch(List.of(records), System.nanoTime());
  }

  static Push lost(long count) {
    return new Push.Lost(OptionalLong.of(count));
  }
}
