package dev.nsmon.log;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.EventLog.Cursor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One writer and readers of every pace: each is handed or told lost every number, in order.
class EventLogConcurrencyTest {
  private static final int EVENTS = 60_000;
  private static final int READERS = 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyReaderIsHandedOrToldLostEveryNumberInOrder(long seed) {
    long capacity = 50 * Footprint.of(Numbered.event(1));
    EventLog log = new EventLog("stream", capacity, InstantSource.system());
    List<CompletableFuture<Reading>> readers = new ArrayList<>();
    CountDownLatch overtaken = new CountDownLatch(1);
    for (int reader = 0; reader < READERS; reader++) {
      Cursor cursor = log.from(1);
      CountDownLatch begin = reader == READERS - 1 ? overtaken : new CountDownLatch(0);
      readers.add(read(cursor, new Random(seed * READERS + reader), reader * 20_000L, begin));
    }
    Random random = new Random(seed);
    for (int last = 0; last < EVENTS; ) {
      int first = last + 1;
      last = Math.min(EVENTS, last + 1 + random.nextInt(20));
      log.append(Numbered.events(first, last));
      if (first > EVENTS / 2) {
        overtaken.countDown();
      }
    }
    log.close();
    for (CompletableFuture<Reading> reader : readers) {
      await().atMost(Duration.ofMinutes(1)).until(reader::isDone);
      Reading reading = reader.join();
      assertEquals(EVENTS, reading.delivered + reading.lost, () -> "seed " + seed);
      assertTrue(reading.delivered > 0, () -> "seed " + seed);
    }
    Reading last = readers.getLast().join();
    assertTrue(last.lost > 0, () -> "seed " + seed + ": one that begins late has missed nothing");
  }

  private static final class Reading {
    private long next = 1;
    private long delivered;
    private long lost;

    void add(Entry entry) {
      switch (entry.event()) {
        case EventsLost gap -> {
          assertEquals(next, gap.first().getAsLong());
          assertEquals(entry.seq(), gap.last().getAsLong());
          assertEquals(entry.seq() - next + 1, gap.count().getAsLong());
          lost += gap.count().getAsLong();
        }
        case Created created -> {
          assertEquals(next, entry.seq());
          assertEquals(entry.seq(), created.namespace().id());
          delivered++;
        }
        default -> throw new AssertionError(entry);
      }
      next = entry.seq() + 1;
    }
  }

  private static CompletableFuture<Reading> read(
      Cursor cursor, Random random, long pauseNanos, CountDownLatch begin) {
    CompletableFuture<Reading> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Reading reading = new Reading();
                assertTrue(begin.await(30, TimeUnit.SECONDS));
                while (true) {
                  Optional<List<Entry>> taken = cursor.take(1 + random.nextInt(10));
                  if (taken.isEmpty()) {
                    break;
                  }
                  taken.get().forEach(reading::add);
                  if (pauseNanos > 0 && random.nextInt(4) == 0) {
                    LockSupport.parkNanos(random.nextLong(pauseNanos));
                  }
                }
                result.complete(reading);
              } catch (InterruptedException | AssertionError e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }
}
