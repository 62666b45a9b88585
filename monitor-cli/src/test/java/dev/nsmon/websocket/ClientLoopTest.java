package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.EventFilter;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.testing.TestClock;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A fault in the loop of all clients is reported, and the loop goes on.
final class ClientLoopTest {
  private static final Timing TIMING =
      new Timing(
          Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ofMillis(1));

  @Test
  void aTickThatFailsIsReportedAndTheTimerGoesOn() throws Exception {
    TestClock clock = new TestClock();
    List<String> remarks = new CopyOnWriteArrayList<>();
    DefaultEventLoop thread = new DefaultEventLoop();
    try (StreamFixture fixture = new StreamFixture(1 << 20, 1 << 20, TIMING, 1)) {
      ClientLoop loop =
          new ClientLoop(
              thread,
              TIMING,
              () -> {
                throw new IllegalStateException("oh");
              },
              HostClock.SYSTEM,
              new RareRemarks(remarks::add, clock));
      FrameRing ring = new FrameRing(fixture.stream.encoder(Framing.JSON), 1 << 20, 1);
      Client client =
          new Client(fixture.stream, loop, ring, Framing.JSON, EventFilter.ALL, loop.firstPing());
      thread.submit(() -> loop.add(client)).sync();
      String said = "the stream has failed, which is a bug: java.lang.IllegalStateException: oh";
      await().untilAsserted(() -> assertEquals(List.of(said), remarks));
      clock.advance(Duration.ofMinutes(1));
      await().untilAsserted(() -> assertEquals(List.of(said, said), remarks));
    } finally {
      thread.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }
  }
}
