package dev.nsmon.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.format.Samples;
import dev.nsmon.format.Style;
import dev.nsmon.format.TextFormat;
import dev.nsmon.log.EventLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A pump carries what the log has to a stream, until the log, the stream or the wish for more
/// ends.
final class StreamSinkTest {
  private final EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void whatTheLogHasIsWrittenBeforeTheEnd() throws Exception {
    Pump pump = pump(out, EventFilter.ALL, Long.MAX_VALUE);
    log.append(Samples.events("nginx"));
    log.close();
    assertInstanceOf(Pump.Ending.Drained.class, pump.ending().get(10, TimeUnit.SECONDS));
    assertEquals(Samples.events("nginx").size(), lines());
  }

  @Test
  void aLimitCountsEventsAndNotControlRecords() throws Exception {
    Pump pump = pump(out, EventFilter.ALL, 2);
    log.append(Samples.events("nginx").reversed());
    assertInstanceOf(Pump.Ending.Satisfied.class, pump.ending().get(10, TimeUnit.SECONDS));
    assertEquals(3 + 2, lines());
  }

  @Test
  void whatTheFilterHidesIsNotCounted() throws Exception {
    EventFilter destroyed =
        new EventFilter(
            Set.of(),
            Set.of(Kind.NAMESPACE_DESTROYED),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            true);
    Pump pump = pump(out, destroyed, 2);
    log.append(Samples.events("nginx"));
    assertInstanceOf(Pump.Ending.Satisfied.class, pump.ending().get(10, TimeUnit.SECONDS));
    assertEquals(2, lines());
  }

  @Test
  void aStreamThatFailsEndsThePumpWithTheReason() throws Exception {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Pump pump = pump(broken, EventFilter.ALL, Long.MAX_VALUE);
    log.append(Samples.events("nginx"));
    Pump.Ending.Failed failed =
        assertInstanceOf(Pump.Ending.Failed.class, pump.ending().get(10, TimeUnit.SECONDS));
    assertEquals("Broken pipe", failed.cause().getMessage());
  }

  @Test
  void aStreamThatBlocksHoldsUpNeitherTheLogNorAnotherReader() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    OutputStream blocked =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    Pump slow = pump(blocked, EventFilter.ALL, Long.MAX_VALUE);
    Pump quick = pump(out, EventFilter.ALL, Long.MAX_VALUE);
    for (int i = 0; i < 100; i++) {
      log.append(Samples.events("nginx"));
    }
    log.close();
    assertInstanceOf(Pump.Ending.Drained.class, quick.ending().get(10, TimeUnit.SECONDS));
    assertEquals(100L * Samples.events("nginx").size(), lines());
    release.countDown();
    assertInstanceOf(Pump.Ending.Drained.class, slow.ending().get(10, TimeUnit.SECONDS));
  }

  private Pump pump(OutputStream to, EventFilter filter, long limit) {
    TextFormat format = new TextFormat(Style.PLAIN, ZoneOffset.UTC);
    return Pump.start(
        "test", log.from(1), new StreamSink(to, format, filter, limit), System::nanoTime);
  }

  private long lines() {
    return out.toString(StandardCharsets.UTF_8).lines().count();
  }
}
