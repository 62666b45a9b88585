package dev.nsmon.sink;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.Samples;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What fails is said, counted and started again where it was, or the process ends.
final class SupervisorTest {
  private static final Duration HALF = Duration.ofMillis(500);

  private final TestClock clock = new TestClock();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Ends ends = new Ends();
  private final Supervisor supervisor =
      new Supervisor(said::add, ends, clock::sleep, clock::nanoTime);

  private static final class Ends implements Supervisor.Exit {
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public void orderly() {
      asked.add("orderly");
    }

    @Override
    public void now() {
      asked.add("now");
      // As when the process is gone.
      throw new ThreadDeathInTest();
    }
  }

  @SuppressWarnings("serial")
  private static final class ThreadDeathInTest extends Error {}

  /// Takes what it is given, until it fails.
  private static final class Failing implements Sink {
    private final List<Long> taken;
    private final Throwable failure;
    private final long at;
    private final List<String> abandoned;

    private Failing(List<Long> taken, Throwable failure, long at, List<String> abandoned) {
      this.taken = taken;
      this.failure = failure;
      this.at = at;
      this.abandoned = abandoned;
    }

    @Override
    public Appetite write(List<Entry> entries) throws IOException {
      for (Entry entry : entries) {
        if (entry.seq() == at) {
          switch (failure) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
          }
        }
        taken.add(entry.seq());
      }
      return Appetite.MORE;
    }

    @Override
    public void abandon(String reason) {
      abandoned.add(reason);
    }

    @Override
    public void close() {}
  }

  private static Throwable failure(String kind) {
    return switch (kind) {
      case "IOException" -> new IOException("full");
      case "RuntimeException" -> new IllegalStateException("a bug");
      default -> new StackOverflowError("deep");
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"IOException", "RuntimeException", "Error"})
  void aSinkThatFailsIsAbandonedAndAnotherGoesOnWithWhatWasNotAcknowledged(String kind)
      throws Exception {
    EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
    long size = Samples.events("nginx").size();
    List<Long> taken = new CopyOnWriteArrayList<>();
    List<String> abandoned = new CopyOnWriteArrayList<>();
    AtomicInteger made = new AtomicInteger();
    Component component = supervisor.component("file:/x");
    log.append(Samples.events("nginx"));
    Pump pump =
        Pump.supervised(
            position -> log.from(position.orElse(1)),
            () ->
                new Failing(
                    taken, failure(kind), made.getAndIncrement() == 0 ? size + 2 : 0, abandoned),
            64,
            _ -> {},
            component,
            clock::nanoTime);
    await().until(() -> taken.size() == size);
    log.append(Samples.events("nginx"));
    assertEquals(HALF, clock.awaitSleeper());
    assertEquals(1, component.restarts());
    assertFalse(component.isUp());
    assertTrue(pump.isRestarting());
    assertEquals(size + 1, pump.position().orElseThrow());
    assertEquals(1, said.size(), said::toString);
    assertTrue(
        said.getFirst().startsWith("file:/x has failed: " + failure(kind))
            && said.getFirst().endsWith("; it is started again in 0.5 s"),
        said::toString);
    await().until(() -> abandoned.size() == 1);

    clock.advance(HALF);
    await().until(() -> pump.position().orElseThrow() == 2 * size + 1);
    await().until(component::isUp);
    log.close();
    assertEquals(new Pump.Ending.Drained(), pump.ending().get(10, TimeUnit.SECONDS));
    // Its own batch is handed over twice as far as it came: at least once.
    List<Long> all = new ArrayList<>();
    for (long seq = 1; seq <= size + 1; seq++) {
      all.add(seq);
    }
    for (long seq = size + 1; seq <= 2 * size; seq++) {
      all.add(seq);
    }
    assertEquals(all, taken);
    assertEquals(1, component.restarts());
    assertTrue(component.reason().isPresent());
  }

  @Test
  void aPumpWithoutASupervisorClosesItsSinkAndEnds() {
    EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
    log.append(Samples.events("nginx"));
    List<String> abandoned = new CopyOnWriteArrayList<>();
    IOException full = new IOException("full");
    Pump pump =
        Pump.start(
            "x", log.from(1), new Failing(new ArrayList<>(), full, 1, abandoned), clock::nanoTime);
    assertEquals(
        new Pump.Ending.Failed(full), pump.ending().orTimeout(10, TimeUnit.SECONDS).join());
    assertEquals(1, abandoned.size());
  }

  @Test
  void itWaitsLongerEachTimeUntilItHasWorkedForAMinute() {
    Component component = supervisor.component("x");
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waits.add(component.failed(new IllegalStateException()).toMillis());
      clock.advance(Duration.ofSeconds(59));
    }
    assertEquals(List.of(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L), waits);
    clock.advance(Duration.ofSeconds(2));
    assertEquals(HALF, component.failed(new IllegalStateException()));
    assertEquals(9, component.restarts());
    assertEquals(List.of(component), supervisor.components());
  }

  @Test
  void aTaskIsRunAgainUntilItReturns() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    Thread thread =
        supervisor.start(
            "task",
            () -> {
              if (runs.incrementAndGet() < 3) {
                throw new AssertionError("run " + runs.get());
              }
            });
    assertEquals("task", thread.getName());
    assertEquals(HALF, clock.awaitSleeper());
    clock.advance(HALF);
    assertEquals(Duration.ofSeconds(1), clock.awaitSleeper());
    clock.advance(Duration.ofSeconds(1));
    thread.join();
    assertEquals(3, runs.get());
    assertEquals(2, supervisor.components().getFirst().restarts());
    assertTrue(supervisor.components().getFirst().isUp());
    assertEquals(List.of(), ends.asked);
  }

  @Test
  void afterAnOutOfMemoryErrorTheProcessEndsAtOnce() {
    Component component = supervisor.component("x");
    Throwable wrapped = new IllegalStateException(new OutOfMemoryError("no memory"));
    for (Runnable way :
        List.<Runnable>of(
            () -> component.failed(wrapped),
            () -> component.end(wrapped),
            () -> supervisor.uncaught(Thread.currentThread(), wrapped))) {
      said.clear();
      ends.asked.clear();
      Optional<Throwable> thrown = Optional.empty();
      try {
        way.run();
      } catch (ThreadDeathInTest e) {
        thrown = Optional.of(e);
      }
      assertTrue(thrown.isPresent());
      assertEquals(List.of("now"), ends.asked);
      assertTrue(said.getFirst().startsWith("out of memory: "), said::toString);
      assertEquals(1, said.size(), said::toString);
    }
  }

  @Test
  void whatCantBeStartedAgainEndsTheProcessWithTheReason() {
    supervisor.component("listener").end(new IllegalStateException("a thread has ended"));
    assertEquals(List.of("orderly"), ends.asked);
    assertTrue(said.getFirst().contains("listener has failed: "), said::toString);
    assertTrue(said.getFirst().endsWith("; nsmon ends with exit code 1"), said::toString);
  }

  @Test
  void aThreadOfNobodyIsSaid() {
    supervisor.uncaught(new Thread("stray"), new IllegalStateException("a bug"));
    assertTrue(said.getFirst().startsWith("thread stray has failed: "), said::toString);
    assertEquals(List.of(), ends.asked);
  }
}
