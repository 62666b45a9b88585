package dev.nsmon.sink;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.Samples;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A pump tells how far its sink is, whether it is stuck, and what it was never handed.
final class PumpTest {
  /// Less than one batch of samples: what was appended last is all that it holds.
  private final EventLog log = new EventLog("s", 1, InstantSource.system());

  private final Semaphore allowed = new Semaphore(0);

  private final class Slow implements Sink {
    @Override
    public Appetite write(List<Entry> entries) throws IOException {
      allowed.acquireUninterruptibly();
      return Appetite.MORE;
    }

    @Override
    public void close() {}
  }

  @Test
  void itSaysHowFarItsSinkIsAndWhatIsLost() throws Exception {
    int size = Samples.events("nginx").size();
    Pump pump = Pump.start("slow", log.from(1), new Slow());
    assertEquals("slow", pump.name());
    await().until(() -> pump.position().isPresent());
    assertEquals(1, pump.position().orElseThrow());
    log.append(Samples.events("nginx"));
    await().until(() -> pump.stuck().compareTo(Duration.ofMillis(1500)) > 0);
    assertEquals(1, pump.position().orElseThrow(), "the sink has it not yet");

    // The second batch is dropped while the sink is at the first.
    log.append(Samples.events("nginx"));
    log.append(Samples.events("nginx"));
    allowed.release(10);
    await().until(() -> pump.position().orElseThrow() == 3 * size + 1);
    assertTrue(pump.stuck().compareTo(Duration.ofMillis(1500)) < 0, "idle is not stuck");
    assertEquals(size, pump.lost());
    log.close();
    pump.ending().get(10, TimeUnit.SECONDS);
    assertEquals(size, pump.lost());
  }
}
