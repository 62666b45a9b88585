package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.log.EventLog;
import dev.nsmon.push.Push;
import dev.nsmon.push.PushSource;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// How far the monitor runs ahead of those who read, and for how long it waits for them.
final class PacedLogTest {
  private static final int PIECE = PacedLog.PIECE;

  /// Of the log: more than half of it is taken by one piece.
  private static final long BYTES = 16 << 10;

  private static final Duration MOMENT = Duration.ofMillis(1);

  private final TestClock clock = new TestClock();
  private final Inbox inbox = new Inbox();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Ring ring = new Ring();

  /// A source whose ring is as full as a test says.
  private static final class Ring implements PushSource {
    private volatile boolean held;
    private volatile boolean halfFull;

    @Override
    public void start(Consumer<Push> out) {}

    @Override
    public void follow(int[] pids) {}

    @Override
    public void hold(boolean wanted) {
      held = wanted;
    }

    @Override
    public boolean isHalfFull() {
      return halfFull;
    }

    @Override
    public void close() {}
  }

  private EventLog plain() {
    return new EventLog("s", BYTES, clock);
  }

  private EventLog durable() {
    return EventLog.durable("s", 1, BYTES, clock, (_, _) -> List.of());
  }

  private List<NamespaceEvent> events(int count) {
    return Collections.nCopies(
        count,
        new EventsLost(
            new Sighting(clock.instant(), Optional.empty(), Source.PERF),
            EventsLost.Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty()));
  }

  /// Appends so many, on another thread.
  private CompletableFuture<Void> append(EventLog log, int count) {
    PacedLog paced = new PacedLog(log, inbox, clock, stopped::get);
    paced.readsFrom(ring);
    return CompletableFuture.runAsync(() -> paced.append(events(count)));
  }

  /// Waits until it waits, with so many appended.
  private void waits(EventLog log, int appended) throws InterruptedException {
    clock.awaitSleeper();
    assertEquals(appended + 1, log.nextSeq());
    assertTrue(ring.held);
  }

  private void goesOn(CompletableFuture<Void> end) throws InterruptedException {
    while (!end.isDone()) {
      clock.advance(MOMENT);
      Thread.onSpinWait();
    }
    end.join();
    assertFalse(ring.held);
  }

  @Test
  void journalIsWaitedFor() throws InterruptedException {
    EventLog log = durable();
    CompletableFuture<Void> end = append(log, 3 * PIECE);
    for (int piece = 1; piece < 3; piece++) {
      waits(log, piece * PIECE);
      log.keptBelow(log.nextSeq());
      while (!end.isDone() && log.nextSeq() == piece * PIECE + 1) {
        clock.advance(MOMENT);
        Thread.onSpinWait();
      }
    }
    goesOn(end);
    assertEquals(3 * PIECE + 1, log.nextSeq());
  }

  @Test
  void sinkIsWaitedForWhereThereIsNoJournal() throws InterruptedException {
    EventLog log = plain();
    log.from(1).acknowledge(1);
    CompletableFuture<Void> end = append(log, 2 * PIECE);
    waits(log, PIECE);
    log.from(1).acknowledge(log.nextSeq());
    clock.advance(PacedLog.STILL.minusMillis(1));
    waits(log, PIECE);
    // The first has acknowledged nothing for 2 s.
    clock.advance(MOMENT);
    goesOn(end);
  }

  @Test
  void sinksAreNotWaitedForWhileTheJournalWorks() {
    EventLog log = durable();
    log.from(1).acknowledge(1);
    log.keptBelow(Long.MAX_VALUE);
    log.keptBelow(PIECE + 1L);
    append(log, 2 * PIECE).join();
  }

  @Test
  void readerThatStandsStillIsWaitedForOnce() throws InterruptedException {
    EventLog log = durable();
    PacedLog paced = new PacedLog(log, inbox, clock, stopped::get);
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(() -> paced.append(events(2 * PIECE)));
    clock.awaitSleeper();
    clock.advance(PacedLog.STILL);
    first.join();
    paced.append(events(2 * PIECE));
    assertEquals(4 * PIECE + 1, log.nextSeq());
    // It goes on, so it is waited for again.
    log.keptBelow(2);
    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> paced.append(events(1)));
    clock.awaitSleeper();
    log.keptBelow(log.nextSeq());
    goesOn(second);
  }

  @Test
  void itGoesOnWhenARingIsHalfFull() throws InterruptedException {
    EventLog log = durable();
    CompletableFuture<Void> end = append(log, 2 * PIECE);
    waits(log, PIECE);
    ring.halfFull = true;
    goesOn(end);
  }

  @Test
  void itGoesOnWhenTheMonitorIsToEnd() throws InterruptedException {
    EventLog log = durable();
    CompletableFuture<Void> end = append(log, 2 * PIECE);
    waits(log, PIECE);
    stopped.set(true);
    goesOn(end);
  }

  @Test
  void nobodyIsWaitedForWhoHasAcknowledgedNothingOrHasEnded() {
    EventLog log = plain();
    EventLog.Cursor ended = log.from(1);
    ended.acknowledge(1);
    ended.leave();
    log.from(1);
    append(log, 2 * PIECE).join();
  }
}
