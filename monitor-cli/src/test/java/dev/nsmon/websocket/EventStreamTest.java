package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What clients of the stream are sent, over real sockets.
final class EventStreamTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long MIB = 1 << 20;

  private final long seed = System.nanoTime();
  private final AtomicBoolean busy = new AtomicBoolean();
  private StreamFixture fixture;
  private Thread storm;

  @BeforeEach
  void start() throws Exception {
    System.out.println("seed " + seed);
    fixture = new StreamFixture(16 * MIB, 8 * MIB, Timing.DEFAULT, seed);
    fixture.world.change(20);
  }

  @AfterEach
  void end() throws Exception {
    calm();
    fixture.close();
  }

  /// Events come until it is calm again.
  private void storm() {
    busy.set(true);
    Random random = new Random(seed);
    storm =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (busy.get()) {
                    fixture.world.change(1 + random.nextInt(8));
                    LockSupport.parkNanos(2_000_000);
                  }
                });
  }

  private void calm() throws InterruptedException {
    busy.set(false);
    if (storm != null) {
      assertTrue(storm.join(SOON), "the storm does not end");
    }
  }

  private Listener connect(String query, String... subprotocols) throws IOException {
    return Listener.connect(fixture.port(), query, subprotocols);
  }

  private long last() {
    return fixture.world.log.nextSeq() - 1;
  }

  private void awaitAll(Listener listener) {
    await()
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> listener.lastSeq() == last());
  }

  @Test
  void theStateAndThenEveryEventOnceWhileMoreCome() throws Exception {
    storm();
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      listeners.add(connect(""));
      long seen = last();
      await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> last() > seen + 20);
    }
    calm();
    for (Listener listener : listeners) {
      awaitAll(listener);
      assertEquals(fixture.world.keys(), fold(listener.records()));
    }
  }

  /// What a reader of these knows, who holds that nothing is missing or told twice.
  private static Set<String> fold(List<JsonNode> records) {
    Set<String> keys = new TreeSet<>();
    long next = 0;
    for (JsonNode record : records) {
      if (next == 0 && record.path("kind").asText().equals("namespace-created")) {
        assertFalse(record.has("seq"), record.toString());
        assertEquals("baseline", record.get("source").asText());
        assertTrue(keys.add(record.at("/namespace/key").asText()), record.toString());
        continue;
      }
      if (next == 0) {
        assertEquals("synced", record.get("kind").asText());
      } else {
        assertEquals(next, record.get("seq").asLong(), record.toString());
        String key = record.at("/namespace/key").asText();
        boolean changed =
            record.get("kind").asText().equals("namespace-created")
                ? keys.add(key)
                : keys.remove(key);
        assertTrue(changed, record.toString());
      }
      next = record.get("seq").asLong() + 1;
    }
    assertTrue(next > 0, "no synced");
    return keys;
  }

  @Test
  void whoLosesTheConnectionAndGoesOnAfterTheLastNumberSeesEachOnce() throws Exception {
    storm();
    Random random = new Random(seed);
    List<Long> seen = new ArrayList<>();
    long since = last();
    long first = since + 1;
    for (int i = 0; i < 100; i++) {
      Listener listener = connect("?stream=s-1&since=" + since);
      int wanted = 1 + random.nextInt(60);
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> listener.count() >= wanted);
      listener.client().close();
      for (JsonNode record : listener.records()) {
        seen.add(record.get("seq").asLong());
      }
      since = seen.getLast();
    }
    for (int i = 0; i < seen.size(); i++) {
      assertEquals(first + i, seen.get(i));
    }
  }

  @Test
  void whatIsTooOldIsLostAndTheStateIsToldAnew() throws Exception {
    fixture.close();
    fixture = new StreamFixture(64 << 10, 8 * MIB, Timing.DEFAULT, seed);
    for (int i = 0; i < 200; i++) {
      fixture.world.change(10);
      // Or it may lose some itself, and that is what would be told first.
      fixture.untilTaken();
    }
    Listener listener = connect("?since=5");
    awaitAll(listener);
    JsonNode lost = listener.records().getFirst();
    assertEquals("events-lost", lost.get("kind").asText());
    assertEquals(6, lost.get("first").asLong());
    assertEquals(lost.get("last"), lost.get("seq"));
    List<JsonNode> rest = listener.records().subList(1, listener.count());
    assertEquals(fixture.world.keys(), fold(rest));
  }

  @Test
  void anotherStreamOrANumberThatIsNotThereIsLostWithoutNumbers() throws Exception {
    for (String query : List.of("?stream=other&since=3", "?since=999999")) {
      Listener listener = connect(query);
      awaitAll(listener);
      JsonNode lost = listener.records().getFirst();
      assertEquals("events-lost", lost.get("kind").asText());
      assertFalse(lost.has("first") || lost.has("count") || lost.has("seq"), lost.toString());
      assertEquals(fixture.world.keys(), fold(listener.records().subList(1, listener.count())));
    }
  }

  @Test
  void aFilterHidesEventsButNotTheEndOfTheState() throws Exception {
    Listener nets = connect("?type=net&event=namespace-created");
    Listener news = connect("?baseline=false");
    await().atMost(SOON).until(() -> nets.lastSeq() > 0 && news.lastSeq() > 0);
    assertEquals("synced", news.records().getFirst().get("kind").asText());
    long synced = news.lastSeq();
    for (int i = 0; i < 50; i++) {
      fixture.world.change(20);
    }
    Listener all = connect("?since=" + synced);
    awaitAll(news);
    awaitAll(all);
    assertEquals(all.records(), news.records().subList(1, news.count()));
    List<String> expected = new ArrayList<>();
    for (JsonNode record : all.records()) {
      if (record.at("/namespace/type").asText().equals("net")
          && record.get("kind").asText().equals("namespace-created")) {
        expected.add(record.toString());
      }
    }
    int before =
        nets.records().stream().map(one -> one.get("kind").asText()).toList().indexOf("synced");
    await().atMost(SOON).until(() -> nets.count() == before + 1 + expected.size());
    for (JsonNode record : nets.records().subList(0, before)) {
      assertEquals("net", record.at("/namespace/type").asText());
    }
    List<String> after = new ArrayList<>();
    nets.records().subList(before + 1, nets.count()).forEach(one -> after.add(one.toString()));
    assertEquals(expected, after);
  }

  @Test
  void cloudEventsHaveTheRecordAsData() throws Exception {
    Listener plain = connect("");
    Listener cloud = connect("", "cloudevents.json");
    // Each is told the state as it is when it comes, which is the same only while nothing changes.
    await().atMost(SOON).until(() -> plain.count() > 0 && cloud.count() > 0);
    fixture.world.change(30);
    awaitAll(plain);
    await().atMost(SOON).until(() -> cloud.count() == plain.count());
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < plain.count(); i++) {
      JsonNode event = cloud.records().get(i);
      JsonNode record = plain.records().get(i);
      assertEquals(record, event.get("data"));
      assertEquals("1.0", event.get("specversion").asText());
      assertEquals("urn:nsmon:" + StreamFixture.HOST.id(), event.get("source").asText());
      assertEquals("dev.nsmon." + record.get("kind").asText(), event.get("type").asText());
      assertEquals(record.get("time"), event.get("time"));
      assertTrue(ids.add(event.get("id").asText()), event.toString());
      assertEquals(record.at("/namespace/key").asText(), event.path("subject").asText());
      if (record.has("seq")) {
        assertEquals("s-1/" + record.get("seq"), event.get("id").asText());
        assertEquals("%020d".formatted(record.get("seq").asLong()), event.get("sequence").asText());
      } else {
        assertFalse(event.has("sequence"));
      }
    }
  }

  @Test
  void theEndComesAfterTheLastEvent() throws Exception {
    List<Listener> listeners = List.of(connect(""), connect("?since=0"), connect("?type=net"));
    await().atMost(SOON).until(() -> listeners.get(0).lastSeq() == last());
    fixture.world.change(1000);
    fixture.end();
    for (Listener listener : listeners) {
      assertEquals("1001 the monitor has ended", listener.closed().get(20, TimeUnit.SECONDS));
    }
    assertEquals(last(), listeners.get(0).lastSeq());
    assertEquals(last(), listeners.get(1).count());
  }

  @Test
  void aThousandThatComeAtOnceCostFewLooks() throws Exception {
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      listeners.add(connect(""));
    }
    for (Listener listener : listeners) {
      awaitAll(listener);
      assertEquals(fixture.world.keys(), fold(listener.records()));
    }
    assertEquals(1000, fixture.stream.clients());
    assertTrue(fixture.world.asked.get() <= 3, () -> "looks: " + fixture.world.asked);
    for (Listener listener : listeners) {
      listener.client().close();
    }
    await().atMost(SOON).until(() -> fixture.stream.clients() == 0);
  }

  @Test
  void whoSendsSomethingIsToldThatClientsOnlyListen() throws Exception {
    Listener listener = connect("");
    listener.client().send(RawSocket.TEXT, new byte[] {'h', 'i'});
    assertEquals("1008 clients only listen", listener.closed().get(20, TimeUnit.SECONDS));
    Listener polite = connect("");
    polite.client().send(RawSocket.CLOSE, new byte[] {3, (byte) 232, 'b', 'y', 'e'});
    await().atMost(SOON).until(() -> fixture.stream.clients() == 0);
    assertEquals("1000 ", polite.closed().get(20, TimeUnit.SECONDS));
  }
}
