package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.event.AttentionRules;
import dev.nsmon.event.KnownGood;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.Naming;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Feed;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.monitor.MonitorSettings;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.netlink.ProcConnector;
import dev.nsmon.perf.PerfSource;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.PushSource;
import dev.nsmon.testing.Differences;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/// A running monitor with one push source, and all that it has told since the baseline.
final class Pushed implements AutoCloseable {
  /// From one comparison with `/proc` to the next.
  private static final Duration RECONCILE = Duration.ofMillis(500);

  /// So many comparisons tell what the first of them finds: not before the monitor has given up
  /// waiting for a record, after 3 s.
  private static final long COMPARISONS = 10;

  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final long LOG_BYTES = 64L << 20;

  private final ScanSettings settings;
  private final Monitor monitor;
  private final EventLog log = new EventLog("test", LOG_BYTES, HostClock.SYSTEM);
  private final CountDownLatch synced = new CountDownLatch(1);
  private final List<String> remarks = new CopyOnWriteArrayList<>();
  private final Listener listener;

  private Pushed(Source source, ScanSettings settings, Duration reconcile, boolean keepsEvents)
      throws IOException {
    this.settings = settings;
    this.listener = new Listener(log.from(1), keepsEvents);
    ProcScanner scanner =
        new ProcScanner(settings.withSearchSlice(Duration.ofMillis(20)), HostClock.SYSTEM);
    this.monitor =
        new Monitor(
            scanner,
            new SnapshotDiff(false),
            new AttentionRules(KnownGood.runtimes()),
            Naming.NONE,
            log,
            new MonitorSettings(INTERVAL, reconcile),
            List.of(new Feed(source, open(source, scanner.follower().initialInodes()))),
            Optional.empty(),
            _ -> synced.countDown(),
            remarks::add,
            HostClock.SYSTEM);
  }

  private static PushSource open(Source source, Inodes initial) {
    if (source == Source.PERF) {
      return new PerfSource(initial, false, HostClock.SYSTEM);
    }
    if (source == Source.PROC_CONNECTOR) {
      return new ProcConnector(initial, HostClock.SYSTEM);
    }
    throw new IllegalArgumentException("nobody pushes " + source);
  }

  /// Starts one that reads the kernel's perf records.
  static Pushed perf() {
    return begin(Source.PERF, ScanSettings.DEFAULT);
  }

  /// Starts one; when this returns, it has told the baseline. Skips the test where the kernel does
  /// not grant the source.
  static Pushed begin(Source source, ScanSettings settings) {
    return begin(source, settings, RECONCILE, true);
  }

  /// Starts one for a long time, which folds events and counts them, and keeps only what was lost.
  static Pushed forLong(Duration reconcile) {
    return begin(Source.PERF, ScanSettings.DEFAULT, reconcile, false);
  }

  private static Pushed begin(
      Source source, ScanSettings settings, Duration reconcile, boolean keepsEvents) {
    try {
      Pushed pushed = new Pushed(source, settings, reconcile, keepsEvents);
      pushed.start(source);
      return pushed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(Source source) {
    listener.start();
    monitor.start();
    try {
      boolean told = synced.await(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!told || !remarks.getFirst().startsWith("source: " + source + ",")) {
        close();
        assumeTrue(told, "the first look does not end: " + remarks);
        assumeTrue(false, "not granted here: " + remarks.getFirst());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What it has told so far.
  List<NamespaceEvent> events() {
    return listener.events();
  }

  /// How many events it has told, the baseline included.
  long count() {
    return listener.count();
  }

  private static ConditionFactory eventually(String what) {
    return await(what)
        .atMost(Watch.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .pollInSameThread();
  }

  void until(String what, BooleanSupplier condition) {
    eventually(what).until(condition::getAsBoolean);
  }

  void untilAsserted(String what, ThrowingRunnable assertion) {
    eventually(what).untilAsserted(assertion);
  }

  void untilTold(Class<? extends NamespaceEvent> kind, Ns ns) {
    until(
        kind.getSimpleName() + " " + ns.key(),
        () -> !Story.about(events(), kind, ns::hasIdOf).isEmpty());
  }

  void untilEnded(Ns ns) {
    untilTold(Destroyed.class, ns);
  }

  /// Waits until the last that was told of this process is that it has joined this namespace.
  void untilIn(int pid, Ns ns) {
    until(
        pid + " is in " + ns.key(),
        () ->
            events().reversed().stream()
                .filter(Joined.class::isInstance)
                .map(Joined.class::cast)
                .filter(joined -> joined.process().pid() == pid)
                .findFirst()
                .filter(
                    last -> last.namespaces().stream().anyMatch(at -> ns.hasIdOf(at.namespace())))
                .isPresent());
  }

  /// Waits until that is the story of these, exactly.
  void untilStory(List<String> expected, Collection<Ns> of, Integer... pids) {
    untilAsserted("the story", () -> assertEquals(expected, story(of, pids)));
  }

  List<String> story(Collection<Ns> of, Integer... pids) {
    return Story.of(
        events(), namespace -> of.stream().anyMatch(ns -> ns.hasIdOf(namespace)), Set.of(pids));
  }

  /// The events of one kind about this namespace itself.
  <E extends NamespaceEvent> List<E> told(Class<E> kind, Ns ns) {
    return Story.about(events(), kind, ns::hasIdOf);
  }

  /// Whether one of this kind was told of this process, not of a thread of it.
  boolean tells(Class<? extends NamespaceEvent> kind, int pid) {
    return events().stream().anyMatch(event -> kind.isInstance(event) && Story.isOf(event, pid));
  }

  /// What was lost, in its own words.
  List<EventsLost> lost() {
    return events().stream()
        .filter(EventsLost.class::isInstance)
        .map(EventsLost.class::cast)
        .toList();
  }

  long missed() {
    return monitor.stats().missed();
  }

  /// Lets it compare everything with `/proc`, over and over: nothing is found that the source
  /// should have told.
  void staysAsItIs() {
    long enough = comparisons() + COMPARISONS;
    eventually("comparisons find nothing")
        .failFast(() -> assertEquals(0, missed(), this::found))
        .until(() -> comparisons() >= enough);
    assertEquals(0, missed(), this::found);
  }

  private long comparisons() {
    return monitor.stats().comparisons().counts().stream().mapToLong(Long::longValue).sum();
  }

  /// Waits until the state is right, which must not have come by looking, nor with a loss.
  void isAtRest() {
    foldsToAFreshLook();
    assertEquals(0, missed(), this::found);
    assertEquals(List.of(), lost(), "lost");
  }

  /// What it was that was missed, a line for each event.
  private String found() {
    return listener.found() + "\nwere found by looking; lost: " + lost() + "; " + remarks;
  }

  /// The events fold to what a scanner sees that has never looked before: whatever differs at first
  /// does no more after a while. So it is also where others make and leave namespaces meanwhile.
  void foldsToAFreshLook() {
    Differences.awaitNone(
        eventually("the fold equals a fresh look"),
        () -> listener.differences(settings),
        this::found);
  }

  /// Ends it, and waits until all that it has told has been folded.
  @Override
  public void close() {
    monitor.stop();
    listener.join();
    events();
  }
}
