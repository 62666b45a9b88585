package dev.nsmon.journal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Checkpoints come after so many events that a start has not much to read, and that they take
/// little room beside those.
final class StateMakerTest {
  private final AtomicInteger asked = new AtomicInteger();
  private int namespaces = 10;
  private long seq;
  private boolean fails;

  /// How long it takes to make a checkpoint.
  private Duration took = Duration.ZERO;

  private final TestClock clock = new TestClock();
  private final StateMaker states =
      new StateMaker(
          this::present, false, new JsonFormat(Life.HOST, "stream"), 0, clock, Parent.NONE);

  private Present present() {
    asked.incrementAndGet();
    if (fails) {
      throw new IllegalStateException("the monitor is ending");
    }
    Snapshot none = Snapshot.EMPTY;
    List<Namespace> all = LongStream.range(0, namespaces).mapToObj(StateMakerTest::one).toList();
    return new Present(
        seq, new Snapshot(Life.BEGIN, List.of(), timed(all), Map.of(), List.of(), none.report()));
  }

  /// A list that takes its time to be read first, by the clock.
  private List<Namespace> timed(List<Namespace> all) {
    Duration time = took;
    boolean[] read = new boolean[1];
    return new AbstractList<>() {
      @Override
      public Namespace get(int index) {
        if (!read[0]) {
          read[0] = true;
          clock.advance(time);
        }
        return all.get(index);
      }

      @Override
      public int size() {
        return all.size();
      }
    };
  }

  private static Namespace one(long id) {
    NamespaceType type = NamespaceType.NET;
    String key = Namespace.keyOfId(type, id);
    return new Namespace(type, 4_026_532_000L + id, id, key, false, "", "", -1, Optional.empty());
  }

  private Checkpoint made(long event) {
    seq = event;
    Checkpoint[] taken = new Checkpoint[1];
    await()
        .until(
            () -> {
              states.consider(event, false);
              taken[0] = states.take(event);
              return taken[0] != null;
            });
    assertEquals(event, taken[0].seq());
    return taken[0];
  }

  @Test
  void ofASmallHostThereIsOneEveryFewThousandEvents() {
    states.consider(3_999, false);
    assertEquals(0, asked.get());
    made(4_000);
    int before = asked.get();
    states.consider(7_999, false);
    assertEquals(before, asked.get());
    made(8_000);
  }

  @Test
  void ofALargeHostTheyAreRarer() {
    namespaces = 20_000;
    Checkpoint large = made(4_000);
    long next = 4_000L + large.data().length / 32;
    assertTrue(next > 8_000 && next < 24_000, () -> "next: " + next);
    int before = asked.get();
    states.consider(next - 1, false);
    assertEquals(before, asked.get());
    made(next);
  }

  @Test
  void quietHostGetsOneAfterTenMinutesIfAnythingHappened() throws Exception {
    made(4_000);
    int before = asked.get();
    clock.advance(Duration.ofMinutes(10));
    states.consider(4_000, false);
    assertEquals(before, asked.get(), "nothing has happened");
    made(4_001);
    clock.advance(Duration.ofMinutes(10).minusNanos(1));
    states.consider(4_002, false);
    assertEquals(before + 1, asked.get());
    clock.advance(Duration.ofNanos(1));
    made(4_002);
  }

  @Test
  void wantedOneIsMadeAtOnceIfAnythingHappened() {
    states.consider(0, true);
    assertEquals(0, asked.get());
    states.consider(1, true);
    await().until(() -> asked.get() == 1);
  }

  @Test
  void oneThatCannotBeMadeIsTriedAgainAfterASecond() {
    fails = true;
    states.consider(4_000, false);
    await().until(() -> asked.get() == 1 && !states.isAtWork());
    clock.advance(Duration.ofSeconds(1).minusNanos(1));
    states.consider(5_000, false);
    assertEquals(1, asked.get());
    clock.advance(Duration.ofNanos(1));
    states.consider(5_000, false);
    await().until(() -> asked.get() == 2);
  }

  @Test
  void nothingIsMadeTwentyTimesAsLongAsTheLastOneTook() {
    seq = 4_000;
    took = Duration.ofMillis(30);
    states.consider(4_000, false);
    await().until(() -> states.take(4_000) != null);
    await().until(() -> !states.isAtWork());
    took = Duration.ZERO;
    clock.advance(Duration.ofMillis(600).minusNanos(1));
    states.consider(100_000, false);
    assertEquals(1, asked.get());
    clock.advance(Duration.ofNanos(1));
    states.consider(100_000, false);
    await().until(() -> asked.get() == 2);
  }
}
