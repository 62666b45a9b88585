package dev.nsmon.sink;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.format.Samples;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A pump tells how far its sink is, whether it is stuck, and what it was never handed.
final class PumpTest {
  /// Less than one batch of samples: what was appended last is all that it holds.
  private final EventLog log = new EventLog("s", 1, InstantSource.system());

  private final TestClock clock = new TestClock();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore allowed = new Semaphore(0);

  private final class Slow implements Sink {
    @Override
    public Appetite write(List<Entry> entries) throws IOException {
      begun.release();
      allowed.acquireUninterruptibly();
      return Appetite.MORE;
    }

    @Override
    public void close() {}
  }

  @Test
  void itSaysHowFarItsSinkIsAndWhatIsLost() throws Exception {
    int size = Samples.events("nginx").size();
    Pump pump = Pump.start("slow", log.from(1), new Slow(), clock::nanoTime);
    assertEquals("slow", pump.name());
    await().until(() -> pump.position().isPresent());
    assertEquals(1, pump.position().orElseThrow());
    log.append(Samples.events("nginx"));
    begun.acquire();
    assertEquals(Duration.ZERO, pump.stuck());
    clock.advance(Duration.ofMillis(1500));
    assertEquals(Duration.ofMillis(1500), pump.stuck());
    assertEquals(1, pump.position().orElseThrow(), "the sink has it not yet");

    // The second batch is dropped while the sink is at the first.
    log.append(Samples.events("nginx"));
    log.append(Samples.events("nginx"));
    allowed.release(10);
    await().until(() -> pump.position().orElseThrow() == 3 * size + 1);
    clock.advance(Duration.ofHours(1));
    await("idle is not stuck").until(() -> pump.stuck().isZero());
    assertEquals(size, pump.lost());
    log.close();
    pump.ending().get(10, TimeUnit.SECONDS);
    assertEquals(size, pump.lost());
  }

  /// Takes all at once, and says only when asked that it has arrived.
  private static final class Posting implements Sink {
    final Semaphore arrived = new Semaphore(0);
    final AtomicInteger written = new AtomicInteger();
    private boolean underWay;

    @Override
    public Appetite write(List<Entry> entries) {
      throw new AssertionError("a pump goes on meanwhile");
    }

    @Override
    public Appetite hand(List<Entry> entries) {
      written.addAndGet(entries.size());
      underWay = true;
      return Appetite.MORE;
    }

    @Override
    public boolean isUnderWay() {
      return underWay;
    }

    @Override
    public void settle() {
      arrived.acquireUninterruptibly();
      underWay = false;
    }

    @Override
    public void close() {}
  }

  @Test
  void whatIsUnderWayCountsOnlyWhenItHasArrived() throws Exception {
    EventLog all = new EventLog("s", 1 << 20, InstantSource.system());
    int size = Samples.events("nginx").size();
    all.append(Samples.events("nginx"));
    Posting posting = new Posting();
    List<Long> progress = new CopyOnWriteArrayList<>();
    Pump pump =
        Pump.start("post", _ -> all.from(1), posting, size - 1, progress::add, clock::nanoTime);
    await().until(() -> posting.written.get() == size);
    assertEquals(size, pump.position().orElseThrow(), "the batch before the last has arrived");
    posting.arrived.release();
    await().until(() -> pump.position().orElseThrow() == size + 1);

    // At the end of the log too.
    all.append(Samples.events("nginx").subList(0, 1));
    await().until(() -> posting.written.get() == size + 1);
    all.close();
    assertEquals(size + 1, pump.position().orElseThrow());
    posting.arrived.release();
    assertEquals(new Pump.Ending.Drained(), pump.ending().get(10, TimeUnit.SECONDS));
    assertEquals(size + 2, pump.position().orElseThrow());
    assertEquals(List.of(1L, (long) size, size + 1L, size + 1L, size + 2L), progress);
  }
}
