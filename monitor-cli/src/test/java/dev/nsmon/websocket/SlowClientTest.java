package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One that does not keep up, and one that is not there at all.
final class SlowClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int KIB = 1024;

  private final long seed = System.nanoTime();
  private StreamFixture fixture;

  @AfterEach
  void end() throws Exception {
    fixture.close();
  }

  private void start(Timing timing) throws Exception {
    System.out.println("seed " + seed);
    fixture = new StreamFixture(64 * KIB, 128 * KIB, timing, seed, 4 * KIB, false);
    fixture.world.change(10);
  }

  private static Timing timing(int ping, int stall, int goodbye) {
    return new Timing(
        Duration.ofMillis(ping),
        Duration.ofMillis(stall),
        Duration.ofMillis(goodbye),
        Duration.ofMillis(20));
  }

  /// Waits until it has its place: the handshake is answered before it has one, and what the log
  /// loses in between would make it begin with the state.
  ///
  /// @return the first number that it is sent
  private static long begun(RawSocket client) throws IOException {
    return MAPPER.readTree(client.read().payload()).get("seq").asLong();
  }

  /// Takes longer than any buffer has room for, each batch when the good one has it.
  private void flood(Listener good) {
    for (int i = 0; i < 100; i++) {
      fixture.world.change(100);
      await()
          .atMost(SOON)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> good.lastSeq() == fixture.world.log.nextSeq() - 1);
    }
  }

  @Test
  void whoIsSlowIsToldWhatItLostAndGoesOnWhileOthersMissNothing() throws Exception {
    start(timing(20_000, 30_000, 1000));
    Listener good = Listener.connect(fixture.port(), "?since=0");
    try (RawSocket slow = new RawSocket(fixture.port(), "?since=0", 4 * KIB)) {
      assertEquals(1, begun(slow));
      flood(good);
      assertEquals(good.lastSeq(), good.count());
      long next = 2;
      long lost = 0;
      while (next < fixture.world.log.nextSeq()) {
        JsonNode record = MAPPER.readTree(slow.read().payload());
        if (record.get("kind").asText().equals("events-lost")) {
          assertEquals(next, record.get("first").asLong());
          lost += record.get("count").asLong();
        } else {
          assertEquals(next, record.get("seq").asLong(), record.toString());
        }
        next = record.get("seq").asLong() + 1;
      }
      assertTrue(lost > 0, "nothing was lost");
      fixture.world.change(1);
      assertEquals(next, MAPPER.readTree(slow.read().payload()).get("seq").asLong());
    }
  }

  @Test
  void whoTakesNothingIsClosedWithItsLastNumber() throws Exception {
    start(timing(20_000, 300, 10_000));
    Listener good = Listener.connect(fixture.port(), "?since=0");
    try (RawSocket stalled = new RawSocket(fixture.port(), "?since=0", 4 * KIB)) {
      long last = begun(stalled);
      flood(good);
      await().atMost(SOON).until(() -> fixture.stream.slow() == 1);
      RawSocket.Frame frame = stalled.read();
      while (frame.opcode() == RawSocket.TEXT) {
        last = MAPPER.readTree(frame.payload()).get("seq").asLong();
        frame = stalled.read();
      }
      assertEquals(RawSocket.CLOSE, frame.opcode());
      assertTrue(frame.payload().startsWith("4408 last seq "), frame.payload());
      long said = Long.parseLong(frame.payload().substring(14));
      assertTrue(said >= 0 && said <= last, frame + " after " + last);
    }
    assertEquals(good.lastSeq(), good.count());
  }

  @Test
  void whoDoesNotEvenTakeThatIsDisconnected() throws Exception {
    start(timing(20_000, 300, 300));
    Listener good = Listener.connect(fixture.port(), "?since=0");
    try (RawSocket _ = new RawSocket(fixture.port(), "?since=0", 4 * KIB)) {
      await().atMost(SOON).until(() -> fixture.stream.clients() == 2);
      flood(good);
      await().atMost(SOON).until(() -> fixture.stream.clients() == 1);
    }
    assertEquals(1, fixture.stream.slow());
    assertEquals(0, fixture.stream.silent());
  }

  @Test
  void whoDoesNotAnswerTwoPingsIsClosed() throws Exception {
    start(timing(200, 30_000, 300));
    Listener good = Listener.connect(fixture.port(), "?baseline=false");
    try (RawSocket silent = new RawSocket(fixture.port(), "?baseline=false", 64 * KIB)) {
      assertEquals(RawSocket.TEXT, silent.read().opcode());
      assertEquals(RawSocket.PING, silent.read().opcode());
      assertEquals(RawSocket.PING, silent.read().opcode());
      assertEquals(new RawSocket.Frame(RawSocket.CLOSE, "4409 no pong"), silent.read());
      await().atMost(SOON).until(() -> hasEnded(silent));
    }
    await().atMost(SOON).until(() -> fixture.stream.clients() == 1);
    assertEquals(1, fixture.stream.silent());
    assertEquals(false, good.closed().isDone());
  }

  private static boolean hasEnded(RawSocket client) throws IOException {
    try {
      client.read();
      return false;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }
}
