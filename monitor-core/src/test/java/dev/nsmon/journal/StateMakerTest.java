package dev.nsmon.journal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
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
  private final StateMaker states =
      new StateMaker(
          this::present, false, new JsonFormat(Life.HOST, "stream"), 0, HostClock.SYSTEM);

  private Present present() {
    asked.incrementAndGet();
    Snapshot none = Snapshot.EMPTY;
    List<Namespace> all = LongStream.range(0, namespaces).mapToObj(StateMakerTest::one).toList();
    return new Present(
        seq, new Snapshot(Life.BEGIN, List.of(), all, Map.of(), List.of(), none.report()));
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
}
