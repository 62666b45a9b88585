package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.format.PresentReader;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What there is, and in what condition all is, for those who ask over HTTP.
final class RoutesTest {
  private final AtomicInteger asked = new AtomicInteger();

  private Map<String, Route> routes() {
    return routes(() -> Scene.present(41 + asked.incrementAndGet()));
  }

  private static Map<String, Route> routes(Supplier<Present> present) {
    return Routes.of(
        Scene.HOST,
        "s-1",
        present,
        () -> Scene.condition(true),
        new EventCounter(),
        "1.2.3",
        HostClock.SYSTEM);
  }

  @Test
  void theStateIsOneObjectThatItsReaderReads() throws IOException {
    Asking answer = Asking.ask(routes().get("/namespaces"), "/namespaces");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.contentType());
    JsonNode json = answer.json();
    assertEquals("s-1", json.get("stream").asText());
    assertEquals(42, json.get("seq").asLong());
    assertEquals("2026-11-23T10:00:00.123456Z", json.get("time").asText());
    assertEquals("node-1", json.at("/host/name").asText());
    assertEquals(
        """
        {"type":"net","inode":4026532177,"id":"810","key":"net:810","initial":false,\
        "processCount":1,"pids":[4711]}\
        """,
        json.at("/namespaces/1").toString());
    List<PresentReader.One> read =
        new PresentReader(_ -> {}).read(answer.body().getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        List.of("net:3", "net:810", "uts:812"),
        read.stream().map(one -> one.state().namespace().key()).toList());
    assertEquals(
        json.at("/namespaces/1").toString(),
        new String(read.get(1).json(), StandardCharsets.US_ASCII));
    assertEquals(1, read.get(1).state().processes());
    assertEquals(Scene.HOST, read.get(1).state().host());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                | net:3 net:810 uts:812",
        "?type=net                         | net:3 net:810",
        "?type=net,uts                     | net:3 net:810 uts:812",
        "?type=net&type=uts                | net:3 net:810 uts:812",
        "?pid=4711                         | net:810 uts:812",
        "?pid=4711&type=uts                | uts:812",
        "?pid=1,4711&type=net              | net:3 net:810",
        "?ns=net:810                       | net:810",
        "?ns=net:%5B4026531833%5D,uts:812  | net:3 uts:812",
        "?container=3f2a91c0d5e1           | net:810 uts:812",
        "?container=docker:3f2a&type=net   | net:810",
        "?container=none                   | ''",
        "?pid=9                            | ''",
      })
  void filtersNarrowAndTheirValuesWiden(String query, String keys) {
    Asking answer = Asking.ask(routes().get("/namespaces"), "/namespaces" + query);
    List<String> shown = new ArrayList<>();
    answer.json().get("namespaces").forEach(one -> shown.add(one.get("key").asText()));
    assertEquals(keys, String.join(" ", shown));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "?tpye=net  | 'tpye' can't be asked for: one of type, pid, ns, container",
        "?type=nett | 'nett' is no namespace type: one of cgroup, ipc, mnt, net, pid, time, user,"
            + " uts",
        "?type=     | '' is no namespace type: one of cgroup, ipc, mnt, net, pid, time, user, uts",
        "?pid=0     | '0' is no process id: a number from 1 on",
        "?ns=net    | 'net' is no namespace: net:[4026532177] by inode or net:810 by id, with any"
            + " type of cgroup, ipc, mnt, net, pid, time, user, uts",
        "?ns=foo:1  | 'foo' is no namespace type: one of cgroup, ipc, mnt, net, pid, time, user,"
            + " uts",
      })
  void whatCantBeAskedIsAnsweredByWhatCan(String query, String line) {
    Asking answer = Asking.ask(routes().get("/namespaces"), "/namespaces" + query);
    assertEquals(400, answer.status());
    assertEquals(line + "\n", answer.body());
    assertEquals(0, asked.get(), "the monitor is not bothered with it");
  }

  @Test
  void whoAsksAtTheSameTimeSharesOneAnswer() {
    Map<String, Route> routes = routes();
    for (int i = 0; i < 100; i++) {
      assertEquals(
          42, Asking.ask(routes.get("/namespaces"), "/namespaces").json().get("seq").asLong());
    }
    assertEquals(1, asked.get());
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> Asking.ask(routes.get("/namespaces"), "/").json().get("seq").asLong() == 43);
  }

  @Test
  void aMonitorThatAnswersLives() {
    assertEquals(
        new Asking(200, "text/plain; charset=utf-8", "ok\n"),
        Asking.ask(routes().get("/livez"), "/livez"));
    assertEquals(200, Asking.ask(routes().get("/healthz"), "/healthz").status());
  }

  @Test
  void aMonitorThatHangsDoesNotLiveUntilItWorksAgain() {
    CountDownLatch hangs = new CountDownLatch(1);
    Supplier<Present> present =
        () -> {
          try {
            assertTrue(hangs.await(30, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return Scene.present(1);
        };
    Route live = new LiveRoute(new SharedPresent(present, HostClock.SYSTEM), Duration.ofMillis(50));
    Asking answer = Asking.ask(live, "/livez");
    assertEquals(503, answer.status());
    assertEquals("the monitor has not answered for 0.05 s\n", answer.body());
    hangs.countDown();
    await().until(() -> Asking.ask(live, "/livez").status() == 200);
  }

  @Test
  void itIsReadyOnceItHasLooked() {
    Asking before = Asking.ask(new ReadyRoute(() -> Scene.condition(false)), "/readyz");
    assertEquals(503, before.status());
    assertFalse(before.json().get("ready").asBoolean());
    Asking after = Asking.ask(new ReadyRoute(() -> Scene.condition(true)), "/readyz?verbose");
    assertEquals(200, after.status());
    JsonNode json = after.json();
    assertTrue(json.get("ready").asBoolean());
    assertEquals("2026-11-23T10:00:00.123456Z", json.get("lastLook").asText());
    assertEquals(
        """
        {"name":"perf","up":false,"since":"2026-11-23T10:00:00.123456Z",\
        "reason":"EACCES"}\
        """,
        json.get("source").toString());
    assertEquals(
        """
        [{"name":"kafka:nsmon.events","condition":"stalled","lag":12,"lost":4},\
        {"name":"metrics","condition":"running","lost":0}]\
        """,
        json.get("sinks").toString());
    assertEquals(
        """
        {"condition":"failing","reason":"no space","bytes":4096}\
        """,
        json.get("journal").toString());
    assertEquals(
        """
        [{"name":"monitor","condition":"running","restarts":0},\
        {"name":"metrics","condition":"running","restarts":2,"reason":"a bug"},\
        {"name":"source","condition":"restarting","restarts":1,"reason":"EACCES"}]\
        """,
        json.get("components").toString());
    assertEquals(
        """
        ["only polling: EACCES","journal: no space",\
        "kafka:nsmon.events: stalled, 12 records wait","metrics: restarted (restarts: 2): a bug",\
        "source: failing (restarts: 1): EACCES"]\
        """,
        json.get("problems").toString());
  }
}
