package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.FakeProc;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.PushFollower;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When what a push source said is compared with /proc, and when what it did not say counts as
/// missed: to the nanosecond.
class ReconcilerTest {
  private static final int PID = MonitorFixture.PID;
  private static final Duration INTERVAL = Duration.ofSeconds(7);
  private static final Duration RECONCILE = Duration.ofSeconds(30);
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration NANO = Duration.ofNanos(1);

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private final FakeKernel kernel = new FakeKernel();
  private final List<Long> compared = new ArrayList<>();
  private final List<Step> missed = new ArrayList<>();
  private final List<Step> found = new ArrayList<>();
  private int questions;
  private FakeProc proc;
  private ProcScanner scanner;
  private PushFollower follower;
  private Reconciler reconciler;

  @BeforeEach
  void aHostThatWasScanned() throws IOException {
    proc = new FakeProc(directory);
    proc.process(1, MonitorFixture.LONG_AGO);
    ScanSettings settings =
        ScanSettings.DEFAULT
            .withMountPoint(proc.mountPoint())
            .withKernelIds(false)
            .withSkipIdle(false);
    scanner = new ProcScanner(settings, clock, kernel::calls);
    scanner.look();
    follower = scanner.follower();
  }

  @AfterEach
  void close() {
    scanner.close();
  }

  private void begin(Duration interval, Duration reconcile) {
    reconciler =
        new Reconciler(
            follower,
            new MonitorSettings(interval, reconcile),
            clock,
            (steps, shouldHaveBeenTold) -> {
              questions++;
              (shouldHaveBeenTold ? missed : found).addAll(steps);
            },
            compared::add);
    reconciler.looked(clock.nanoTime());
  }

  private void run() throws IOException {
    run(Long.MIN_VALUE);
  }

  /// @param watermark records older than this are in
  private void run(long watermark) throws IOException {
    reconciler.run(clock.nanoTime(), watermark);
  }

  private void advance(Duration time) {
    clock.advance(time);
  }

  /// How long there is nothing to do.
  private Duration rest() {
    return Duration.ofNanos(reconciler.dueNanos() - clock.nanoTime());
  }

  @Test
  void firstComparisonComesAfterTwoSecondsAndThenEachIntervalOfIts() throws IOException {
    begin(Duration.ofHours(1), RECONCILE);
    assertEquals(FIRST, rest());
    advance(FIRST.minus(NANO));
    run();
    assertEquals(0, compared.size());
    advance(NANO);
    run();
    assertEquals(1, compared.size());
    assertEquals(RECONCILE, rest());
    advance(RECONCILE.minus(NANO));
    run();
    assertEquals(1, compared.size());
    advance(NANO);
    run();
    assertEquals(2, compared.size());
  }

  @Test
  void firstComparisonComesSoonerWhereTheyAreMoreFrequent() {
    begin(Duration.ofHours(1), Duration.ofMillis(300));
    assertEquals(Duration.ofMillis(300), rest());
  }

  @Test
  void namespacesWithoutMembersAreAskedForEachInterval() throws IOException {
    begin(INTERVAL, Duration.ofHours(1));
    advance(FIRST);
    run();
    int before = questions;
    assertEquals(INTERVAL.minus(FIRST), rest());
    advance(INTERVAL.minus(FIRST));
    run();
    assertEquals(before + 1, questions);
    assertEquals(INTERVAL, rest());
  }

  @Test
  void exitingTasksAreReadAgainOnceAllRecordsBeforeTheScanAreIn() throws IOException {
    begin(Duration.ofHours(1), Duration.ofHours(1));
    long scanned = clock.nanoTime();
    run(scanned - 1);
    assertEquals(0, questions);
    run(scanned);
    assertEquals(1, questions);
    run(scanned + 1);
    assertEquals(1, questions);
  }

  @Test
  void comparisonSaysHowLongItTook() throws IOException {
    begin(Duration.ofHours(1), RECONCILE);
    kernel.before("getdents64", () -> clock.advance(Duration.ofMillis(5)));
    advance(FIRST);
    run();
    assertEquals(1, compared.size());
    assertTrue(compared.getFirst() >= 5_000_000, () -> "" + compared);
    assertEquals(0, compared.getFirst() % 5_000_000, "by the clock that was given");
  }

  /// A process that no record was pushed of.
  private void suspect() throws IOException {
    proc.process(PID, MonitorFixture.LONG_AGO, MonitorFixture.net(1));
    advance(FIRST);
    run();
    assertTrue(follower.hasSuspects());
  }

  @Test
  void whileASuspectWaitsTheComparisonIsNoReasonToWakeUp() throws IOException {
    begin(Duration.ofHours(1), Duration.ofMillis(100));
    suspect();
    for (int i = 0; i < 30; i++) {
      assertTrue(rest().isPositive(), "a loop would spin");
      advance(Duration.ofMillis(100));
      run();
    }
    assertEquals(List.of(), missed);
    assertEquals(1, compared.size());
  }

  @Test
  void suspectIsMissedWhenAllRecordsBeforeAreInAndThreeSecondsAreOver() throws IOException {
    begin(Duration.ofHours(1), RECONCILE);
    suspect();
    long seen = clock.nanoTime();
    advance(PATIENCE.minus(NANO));
    run(seen - 1);
    assertTrue(follower.hasSuspects(), "older records may be on their way");
    run(clock.nanoTime());
    assertTrue(follower.hasSuspects(), "it may be explained yet");
    assertEquals(List.of(), missed);
    advance(NANO);
    run(clock.nanoTime());
    assertFalse(follower.hasSuspects());
    assertEquals(1, missed.size());
  }

  @Test
  void suspectThatARecordExplainsIsNotMissed() throws IOException {
    begin(Duration.ofHours(1), RECONCILE);
    proc.process(PID, MonitorFixture.LONG_AGO, MonitorFixture.net(1));
    KernelRecord late = MonitorFixture.fork(clock.nanoTime() + 1, PID, 1);
    advance(FIRST);
    run();
    assertTrue(follower.hasSuspects());
    follower.apply(List.of(late));
    advance(PATIENCE);
    run(clock.nanoTime());
    assertFalse(follower.hasSuspects());
    assertEquals(List.of(), missed);
    // Now the comparisons go on: that of before has been put off.
    advance(RECONCILE);
    run(clock.nanoTime());
    assertEquals(2, compared.size());
  }

  /// A namespace whose only member has exited. Without kernel ids only a search can tell whether
  /// something else holds it.
  private void emptyNamespace(int number) {
    long now = clock.nanoTime() + 1;
    advance(NANO.multipliedBy(2));
    follower.apply(
        List.of(
            MonitorFixture.fork(now, PID + number, number),
            new KernelRecord.Exited(now + 1, PID + number, PID + number)));
    // What was exiting is settled.
    while (!follower.needsSearch()) {
      advance(Duration.ofMillis(1));
      follower.settle();
    }
  }

  @Test
  void searchRestsTenTimesAsLongAsItTook() throws IOException {
    begin(Duration.ofHours(1), Duration.ofHours(1));
    kernel.before("getdents64", () -> clock.advance(Duration.ofMillis(10)));
    emptyNamespace(1);
    long before = clock.nanoTime();
    run();
    long took = clock.nanoTime() - before;
    assertTrue(took >= 20_000_000, "took " + took);
    assertEquals(1, found.size());
    assertFalse(follower.needsSearch());

    emptyNamespace(2);
    assertEquals(before + 10 * took, reconciler.dueNanos());
    clock.advance(Duration.ofNanos(before + 10 * took - 1 - clock.nanoTime()));
    run();
    assertEquals(1, found.size());
    advance(NANO);
    run();
    assertEquals(2, found.size());
  }

  @Test
  void quickSearchesRestFiftyMilliseconds() throws IOException {
    begin(Duration.ofHours(1), Duration.ofHours(1));
    emptyNamespace(1);
    long before = clock.nanoTime();
    run();
    emptyNamespace(2);
    assertEquals(before + 50_000_000, reconciler.dueNanos());
  }

  @Test
  void searchThatFailsIsRepeatedAfterTheInterval() throws IOException {
    // Shorter than the time to the first comparison, which searches as well.
    Duration interval = Duration.ofSeconds(1);
    begin(interval, Duration.ofHours(1));
    emptyNamespace(1);
    kernel.fail("getdents64", Errno.EMFILE);
    long before = clock.nanoTime();
    assertThrows(IOException.class, this::run);
    kernel.fail("getdents64", 0);
    assertTrue(follower.needsSearch());
    clock.advance(Duration.ofNanos(before + interval.toNanos() - 1 - clock.nanoTime()));
    run();
    assertTrue(follower.needsSearch());
    advance(NANO);
    run();
    assertFalse(follower.needsSearch());
  }

  @Test
  void timeInWords() {
    assertEquals("30 s", Reconciler.words(Duration.ofSeconds(30)));
    assertEquals("1500 ms", Reconciler.words(Duration.ofMillis(1500)));
    assertEquals("20 ms", Reconciler.words(Duration.ofMillis(20)));
  }
}
