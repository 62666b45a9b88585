package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.Source;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.Push;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What the loop makes of a source that is refused, loses, goes away and comes back.
class MonitorTest extends MonitorFixture {

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
        "source: proc-connector, compared with /proc every 30 s (perf: EACCES)", remarks.peek());
    assertFalse(other.isStarted());
    source.say(batch(fork(PID, 1)));
    awaitNews("created " + net(1) + " proc-connector", "joined +0 proc-connector");
  }

  @Test
  void whereNoSourceIsGrantedItPollsAndSaysWhy() throws IOException {
    start(
        SOON,
        NEVER,
        new Feed(Source.PERF, FakeSource.refused("EACCES")),
        new Feed(Source.PROC_CONNECTOR, FakeSource.refused("no answer")));
    assertEquals(
        "source: poll every 20 ms (perf: EACCES; proc-connector: no answer)", remarks.peek());
    proc.process(PID, LONG_AGO, net(1));
    awaitNews("created " + net(1) + " poll", "joined +0 poll");
  }

  @Test
  void whereNoneIsWantedItPollsAndSaysNothing() throws IOException {
    start(SOON, NEVER);
    proc.process(PID, LONG_AGO, net(1));
    awaitNews("created " + net(1) + " poll", "joined +0 poll");
    assertTrue(remarks.stream().noneMatch(one -> one.startsWith("source")));
  }

  @Test
  void sourceIsToldWhomToFollow() throws IOException {
    proc.process(PID, LONG_AGO, net(1));
    proc.process(PID + 1, LONG_AGO);
    startPushed();
    soon().untilAsserted(() -> assertEquals(List.of(PID), source.followed()));
  }

  @Test
  void whileItIsPushedNothingIsLookedAt() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    nothingOfTheFirst();
    source.say(batch(fork(PID + 1, 2)));
    awaitNews("created " + net(2) + " perf", "joined +1 perf");
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
    soon()
        .untilAsserted(
            () ->
                assertEquals(
                    expected,
                    news().stream()
                        .filter(one -> one.startsWith("joined") || one.startsWith("left"))
                        .filter(one -> !one.contains("+1000"))
                        .toList()));
  }

  @Test
  void lossIsToldOnceAndFollowedByALook() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    source.say(lost(3));
    awaitNews("lost 3 perf", "created " + net(1) + " poll", "joined +0 poll");
    soon().untilAsserted(() -> assertEquals(List.of(PID), source.followed()));
  }

  @Test
  void lossesWithinASecondAreSummedAndToldAfterIt() throws IOException {
    startPushed();
    source.say(lost(3));
    awaitNews("lost 3 perf");
    proc.process(PID, LONG_AGO, net(1));
    proc.process(PID + 1, LONG_AGO, net(2));
    source.say(lost(4));
    source.say(batch(fork(PID + 1, 2)));
    source.say(lost(5));
    awaitNews(
        "lost 3 perf",
        "created " + net(2) + " perf",
        "joined +1 perf",
        "lost 9 perf",
        "created " + net(1) + " poll",
        "joined +0 poll");
    List<NamespaceEvent> losses = told().stream().filter(EventsLost.class::isInstance).toList();
    Duration between =
        Duration.between(losses.get(0).sighting().time(), losses.get(1).sighting().time());
    // The wall clock is set forward and back by a little all the time.
    assertTrue(between.toMillis() >= 990, between::toString);
    assertTrue(between.toMillis() <= 5000, between::toString);
  }

  @Test
  void lossOfUnknownCountIsToldWithoutOne() throws IOException {
    startPushed();
    source.say(new Push.Lost(OptionalLong.empty()));
    awaitNews("lost some perf");
  }

  @Test
  void whileTheSourceIsDownItPolls() throws IOException {
    startPushed();
    source.say(new Push.Down("perf has gone"));
    soon().until(() -> remarks.contains("perf has gone: polling every 20 ms"));
    proc.process(PID, LONG_AGO, net(1));
    awaitNews("created " + net(1) + " poll", "joined +0 poll");
    proc.process(PID + 1, LONG_AGO, net(1));
    awaitNews("created " + net(1) + " poll", "joined +0 poll", "joined +1 poll");
  }

  @Test
  void sourceThatIsUpAgainHasLostWhatWasInBetween() throws IOException {
    start(NEVER, NEVER, new Feed(Source.PERF, source));
    source.say(new Push.Down("perf has gone"));
    soon().until(() -> remarks.contains("perf has gone: polling every 3600 s"));
    proc.process(PID, LONG_AGO, net(1));
    source.say(new Push.Up());
    awaitNews("lost some perf", "created " + net(1) + " poll", "joined +0 poll");
    assertTrue(remarks.contains("perf works again"));
  }

  @Test
  void whenTheSourceIsUpAgainNothingIsPolled() throws IOException {
    startPushed();
    source.say(new Push.Down("perf has gone"));
    source.say(new Push.Up());
    source.say(batch(fork(PID + 1, 2)));
    soon().until(() -> news().contains("lost some perf") && news().contains("joined +1 perf"));
    source.say(batch(fork(PID + 2, 2)));
    soon().until(() -> news().contains("joined +2 perf"));
    proc.process(PID, LONG_AGO, net(1));
    nothingOfTheFirst();
  }

  private void nothingOfTheFirst() {
    nothingOfTheFirst(SOON.multipliedBy(8));
  }

  private void nothingOfTheFirst(Duration time) {
    soon().during(time).until(() -> news().stream().noneMatch(one -> one.contains("+0")));
  }

  @Test
  void whatTheSourceShouldHaveToldIsMissedOnceAllIsInAndItHadItsTime() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    proc.process(PID, LONG_AGO, net(1));
    // As long as older records may be on their way, however long that is.
    nothingOfTheFirst(Duration.ofMillis(3300));
    soon()
        .untilAsserted(
            () -> {
              source.say(batch());
              assertEquals(List.of("created " + net(1) + " poll", "joined +0 poll"), news());
            });
    assertEquals(2, monitor.stats().missed());
    assertTrue(remarks.contains("perf has missed 2 events, now found by looking"));
  }

  @Test
  void whatIsNotKnownToBeInIsNotMissedYet() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    proc.process(PID, LONG_AGO, net(1));
    Forked late = fork(PID, 1);
    nothingOfTheFirst();
    source.say(new Push.Batch(List.of(late), System.nanoTime()));
    awaitNews("created " + net(1) + " perf", "joined +0 perf");
    assertEquals(0, monitor.stats().missed());
  }

  @Test
  void itsFiguresAreWhatItHasDone() throws IOException {
    start(SOON, NEVER, new Feed(Source.PERF, source));
    MonitorStats stats = monitor.stats();
    assertEquals(1, sum(stats.looks()));
    assertTrue(stats.looks().seconds() > 0);
    Instant first = stats.lastLook().orElseThrow();
    assertEquals(Source.PERF, stats.feeding().orElseThrow().source());
    assertTrue(stats.feeding().orElseThrow().up());

    source.say(lost(3));
    soon().until(() -> sum(stats.looks()) == 2);
    assertEquals(1, stats.overruns());
    assertTrue(stats.lastLook().orElseThrow().isAfter(first));

    source.say(new Push.Down("no more"));
    soon().until(() -> !stats.feeding().orElseThrow().up());
    soon().until(() -> sum(stats.looks()) > 4);
    source.say(new Push.Up());
    soon().until(() -> stats.feeding().orElseThrow().up());
    assertEquals(1, stats.overruns());
  }

  @Test
  void comparisonsAreCountedByThemselves() throws IOException {
    start(SOON, SOON, new Feed(Source.PERF, source));
    soon().until(() -> sum(monitor.stats().comparisons()) > 2);
    assertEquals(1, sum(monitor.stats().looks()));
  }

  @Test
  void firstComparisonDoesNotWaitForItsTurn() throws IOException {
    start(SOON, NEVER, new Feed(Source.PERF, source));
    soon().until(() -> sum(monitor.stats().comparisons()) == 1);
  }

  @Test
  void withoutASourceItPolls() throws IOException {
    start(SOON, NEVER);
    assertEquals(Source.POLL, monitor.stats().feeding().orElseThrow().source());
    soon().until(() -> sum(monitor.stats().looks()) > 2);
  }

  private static long sum(MonitorStats.Times times) {
    return times.counts().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void stopEndsTheLogAndClosesTheSource() throws IOException {
    start(NEVER, NEVER, new Feed(Source.PERF, source));
    long began = System.nanoTime();
    monitor.stop();
    monitor.stop();
    soon().atMost(Duration.ofSeconds(1)).until(this::hasEnded);
    soon().atMost(Duration.ofSeconds(1)).until(() -> source.closed() == 1);
    assertTrue(System.nanoTime() - began < 1_000_000_000);
  }

  @Test
  void stopEndsAPollingMonitorToo() throws IOException {
    start(NEVER, NEVER, new Feed(Source.PERF, FakeSource.refused("EACCES")));
    monitor.stop();
    soon().atMost(Duration.ofSeconds(1)).until(this::hasEnded);
  }

  @Test
  void namespaceWithoutMembersIsSearchedForAndEnds() throws IOException {
    startPushed();
    source.say(batch(fork(PID, 1), exit(PID)));
    soon().until(() -> news().contains("destroyed " + net(1) + " poll"));
  }
}
