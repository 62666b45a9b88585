package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.Source;
import dev.nsmon.libc.Errno;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.Push;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What the loop makes of a source that is refused, loses, goes away and comes back, and when.
class MonitorTest extends MonitorFixture {
  private static final String CREATED = "created " + net(1) + " poll";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  @Test
  void firstSourceThatIsGrantedIsUsed() throws IOException {
    FakeSource other = FakeSource.granted();
    start(
        SOON,
        Duration.ofSeconds(30),
        new Feed(Source.PERF, FakeSource.refused("EACCES")),
        new Feed(Source.PROC_CONNECTOR, source),
        new Feed(Source.PERF, other));
    assertEquals(
        List.of("source: proc-connector, compared with /proc every 30 s (perf: EACCES)"), remarks);
    assertFalse(other.isStarted());
    push(batch(fork(PID, 1)));
    assertNews("created " + net(1) + " proc-connector", "joined +0 proc-connector");
  }

  @Test
  void whereNoSourceIsGrantedItPollsAndSaysWhy() throws IOException {
    start(
        SOON,
        NEVER,
        new Feed(Source.PERF, FakeSource.refused("EACCES")),
        new Feed(Source.PROC_CONNECTOR, FakeSource.refused("no answer")));
    assertEquals(
        List.of("source: poll every 20 ms (perf: EACCES; proc-connector: no answer)"), remarks);
    proc.process(PID, LONG_AGO, net(1));
    advance(SOON.minus(MILLI));
    assertNews();
    advance(MILLI);
    assertNews(CREATED, "joined +0 poll");
  }

  @Test
  void whereNoneIsWantedItPollsAndSaysNothing() throws IOException {
    start(SOON, NEVER);
    proc.process(PID, LONG_AGO, net(1));
    advance(SOON);
    assertNews(CREATED, "joined +0 poll");
    assertEquals(List.of(), remarks);
  }

  @Test
  void sourceIsToldWhomToFollow() throws IOException {
    proc.process(PID, LONG_AGO, net(1));
    proc.process(PID + 1, LONG_AGO);
    startPushed();
    assertEquals(List.of(PID), source.followed());
  }

  @Test
  void whileItIsPushedNothingIsScanned() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    // Up to the first comparison.
    advance(Duration.ofMillis(1999));
    assertNews();
    assertEquals(1, sum(monitor.stats().looks()));
    push(batch(fork(PID + 1, 2)));
    assertNews("created " + net(2) + " perf", "joined +1 perf");
  }

  @Test
  void batchesAreToldInTheirOrder() throws IOException {
    startPushed();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      source.say(batch(fork(PID + i, 1), exit(PID + i)));
      source.say(batch());
      expected.add("joined +" + i + " perf");
      expected.add("left +" + i + " perf");
      // A member stays, so that the inode stays that of one namespace.
      if (i == 0) {
        source.say(batch(fork(PID + 1000, 1)));
      }
    }
    push(batch());
    assertEquals(
        expected,
        news().stream()
            .filter(one -> one.startsWith("joined") || one.startsWith("left"))
            .filter(one -> !one.contains("+1000"))
            .toList());
  }

  @Test
  void lossIsToldOnceAndFollowedByAFullScan() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    push(lost(3));
    assertNews("lost 3 perf", CREATED, "joined +0 poll");
    assertEquals(List.of(PID), source.followed());
    advance(SECOND);
    assertEquals(3, news().size());
    assertEquals(2, sum(monitor.stats().looks()));
  }

  @Test
  void lossesWithinASecondAreSummedAndToldAfterIt() throws IOException {
    startPushed();
    push(lost(3));
    assertNews("lost 3 perf");
    Instant first = clock.instant();
    proc.process(PID, LONG_AGO, net(1));
    proc.process(PID + 1, LONG_AGO, net(2));
    push(lost(4));
    push(batch(fork(PID + 1, 2)));
    push(lost(5));
    advance(Duration.between(clock.instant(), first.plus(SECOND).minusNanos(1)));
    assertNews("lost 3 perf", "created " + net(2) + " perf", "joined +1 perf");
    advance(Duration.ofNanos(1));
    assertNews(
        "lost 3 perf",
        "created " + net(2) + " perf",
        "joined +1 perf",
        "lost 9 perf",
        CREATED,
        "joined +0 poll");
    assertEquals(List.of(first, first.plus(SECOND)), lossTimes());
  }

  private List<Instant> lossTimes() {
    return told().stream()
        .filter(EventsLost.class::isInstance)
        .map(NamespaceEvent::sighting)
        .map(NamespaceEvent.Sighting::time)
        .toList();
  }

  @Test
  void lossOfUnknownCountIsToldWithoutOne() throws IOException {
    startPushed();
    push(new Push.Lost(OptionalLong.empty()));
    assertNews("lost some perf");
  }

  @Test
  void fullScanThatFailsAfterALossIsRepeatedUntilOneSucceeds() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    kernel.fail("getdents64", Errno.EMFILE);
    push(lost(3));
    assertNews("lost 3 perf");
    String failure = "can't read /proc, and will try again: ";
    assertTrue(remarks.getLast().startsWith(failure), remarks::getLast);
    advance(SECOND.multipliedBy(3));
    assertNews("lost 3 perf");
    assertEquals(1, remarks.stream().filter(line -> line.startsWith(failure)).count());
    kernel.fail("getdents64", 0);
    advance(SECOND.minus(MILLI));
    assertNews("lost 3 perf");
    advance(MILLI);
    assertNews("lost 3 perf", CREATED, "joined +0 poll");
    assertEquals("/proc can be read again", remarks.getLast());
  }

  @Test
  void scanThatFailsWhilePollingIsRepeatedAfterTheInterval() throws IOException {
    start(SECOND, NEVER);
    proc.process(PID, LONG_AGO, net(1));
    kernel.fail("getdents64", Errno.EMFILE);
    advance(SECOND);
    kernel.fail("getdents64", 0);
    advance(SECOND.minus(MILLI));
    assertNews();
    advance(MILLI);
    assertNews(CREATED, "joined +0 poll");
  }

  @Test
  void whileTheSourceIsDownItPolls() throws IOException {
    startPushed();
    push(new Push.Down("perf has gone"));
    assertEquals("perf has gone: polling every 20 ms", remarks.getLast());
    proc.process(PID, LONG_AGO, net(1));
    advance(SOON);
    assertNews(CREATED, "joined +0 poll");
    proc.process(PID + 1, LONG_AGO, net(1));
    advance(SOON);
    assertNews(CREATED, "joined +0 poll", "joined +1 poll");
  }

  @Test
  void sourceThatIsUpAgainHasLostWhatWasInBetween() throws IOException {
    start(NEVER, NEVER, new Feed(Source.PERF, source));
    push(new Push.Down("perf has gone"));
    assertEquals("perf has gone: polling every 3600 s", remarks.getLast());
    proc.process(PID, LONG_AGO, net(1));
    push(new Push.Up());
    assertNews("lost some perf", CREATED, "joined +0 poll");
    assertEquals("perf works again", remarks.getLast());
  }

  @Test
  void whenTheSourceIsUpAgainNothingIsPolled() throws IOException {
    startPushed();
    push(new Push.Down("perf has gone"));
    push(new Push.Up());
    push(batch(fork(PID + 1, 2)));
    proc.process(PID, LONG_AGO, net(1));
    advance(Duration.ofMinutes(1));
    assertNews("lost some perf", "created " + net(2) + " perf", "joined +1 perf");
  }

  @Test
  void whatTheSourceShouldHaveToldIsMissedOnceAllIsInAndItHadItsTime() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    proc.process(PID, LONG_AGO, net(1));
    // As long as older records may be on their way, however long that is.
    advance(Duration.ofMinutes(1));
    assertNews();
    push(batch());
    assertNews(CREATED, "joined +0 poll");
    assertEquals(2, monitor.stats().missed());
    assertTrue(remarks.contains("perf has missed 2 events, now found by looking"));
  }

  @Test
  void whatDiffersIsNotMissedBeforeThreeSecondsAreOver() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    proc.process(PID, LONG_AGO, net(1));
    advance(SOON);
    Instant found = clock.instant();
    for (int i = 0; i < 5; i++) {
      push(batch());
      advance(Duration.ofMillis(500));
    }
    advance(Duration.between(clock.instant(), found.plusSeconds(3).minusMillis(2)));
    push(batch());
    assertNews();
    advance(Duration.ofMillis(2));
    push(batch());
    assertNews(CREATED, "joined +0 poll");
  }

  @Test
  void whatIsNotKnownToBeInIsNotMissedYet() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    proc.process(PID, LONG_AGO, net(1));
    Forked late = fork(PID, 1);
    advance(Duration.ofMinutes(1));
    assertNews();
    push(new Push.Batch(List.of(late), stamp()));
    assertNews("created " + net(1) + " perf", "joined +0 perf");
    assertEquals(0, monitor.stats().missed());
  }

  @Test
  void itsFiguresAreWhatItHasDone() throws IOException {
    kernel.before("getdents64", () -> clock.advance(MILLI));
    start(SOON, NEVER, new Feed(Source.PERF, source));
    MonitorStats stats = monitor.stats();
    assertEquals(1, sum(stats.looks()));
    assertTrue(stats.looks().seconds() >= 0.001);
    Instant first = stats.lastLook().orElseThrow();
    assertEquals(Source.PERF, stats.feeding().orElseThrow().source());
    assertTrue(stats.feeding().orElseThrow().up());

    push(lost(3));
    assertEquals(2, sum(stats.looks()));
    assertEquals(1, stats.overruns());
    assertTrue(stats.lastLook().orElseThrow().isAfter(first));

    push(new Push.Down("no more"));
    assertFalse(stats.feeding().orElseThrow().up());
    assertEquals(clock.instant(), stats.feeding().orElseThrow().since());
    advance(SOON.multipliedBy(3));
    assertTrue(sum(stats.looks()) > 3, () -> "" + stats.looks());
    push(new Push.Up());
    assertTrue(stats.feeding().orElseThrow().up());
    assertEquals(1, stats.overruns());
  }

  @Test
  void comparisonsAreCountedByThemselves() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    advance(SOON.multipliedBy(3));
    assertEquals(3, sum(monitor.stats().comparisons()));
    assertEquals(1, sum(monitor.stats().looks()));
  }

  @Test
  void firstComparisonDoesNotWaitForItsTurn() throws IOException {
    start(SOON, NEVER, new Feed(Source.PERF, source));
    advance(Duration.ofMillis(1999));
    assertEquals(0, sum(monitor.stats().comparisons()));
    advance(MILLI);
    assertEquals(1, sum(monitor.stats().comparisons()));
    advance(NEVER.minus(MILLI));
    assertEquals(1, sum(monitor.stats().comparisons()));
    advance(MILLI);
    assertEquals(2, sum(monitor.stats().comparisons()));
  }

  @Test
  void withoutASourceItPolls() throws IOException {
    start(SOON, NEVER);
    assertEquals(Source.POLL, monitor.stats().feeding().orElseThrow().source());
    advance(SOON.multipliedBy(2));
    assertEquals(3, sum(monitor.stats().looks()));
  }

  private static long sum(MonitorStats.Times times) {
    return times.counts().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void namespaceWithoutMembersIsSearchedForAndEnds() throws IOException {
    startPushed();
    push(batch(fork(PID, 1), exit(PID)));
    advance(SECOND);
    assertTrue(news().contains("destroyed " + net(1) + " poll"), () -> "" + news());
  }

  @Test
  void withoutProcThereIsNothingToMonitor() throws IOException {
    make(SOON, NEVER);
    kernel.fail("getdents64", Errno.EMFILE);
    assertFalse(monitor.begin());
    assertTrue(monitor.hasFailed());
    assertTrue(remarks.getLast().startsWith("can't read /proc: "), remarks::getLast);
  }
}
