package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The stream as Server-Sent Events.
final class ServerSentTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private StreamFixture fixture;

  @BeforeEach
  void start() throws Exception {
    Timing timing =
        new Timing(
            Duration.ofMillis(200),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(20));
    fixture = new StreamFixture(16 << 20, 8 << 20, timing, 1);
    fixture.world.change(20);
  }

  @AfterEach
  void end() throws Exception {
    http.shutdownNow();
    fixture.close();
  }

  /// The lines of an answer, as they come.
  private List<String> lines(String query, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.port() + "/events" + query))
            .header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    List<String> lines = new CopyOnWriteArrayList<>();
    var answer = http.send(request.build(), BodyHandlers.ofLines());
    assertEquals(200, answer.statusCode());
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                answer.body().forEach(lines::add);
                lines.add("END");
              } catch (UncheckedIOException e) {
                // The test has ended before.
              }
            });
    return lines;
  }

  @Test
  void aRecordIsAnEventWithItsNumberAsId() throws Exception {
    fixture.untilTaken();
    List<String> lines = lines("");
    Listener same = Listener.connect(fixture.port(), "");
    // Each is told the state as it is when it comes, which is the same only while nothing changes.
    await().atMost(SOON).until(() -> same.count() > 0 && !records(lines).isEmpty());
    fixture.world.change(300);
    fixture.end();
    await().atMost(SOON).until(() -> lines.contains("END"));
    same.closed().get(20, TimeUnit.SECONDS);
    assertEquals(same.records(), records(lines));
  }

  private static List<JsonNode> records(List<String> lines) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    String id = null;
    String event = null;
    for (String line : lines) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        JsonNode record = MAPPER.readTree(line.substring(6));
        assertEquals(record.get("kind").asText(), event);
        assertEquals(record.has("seq") ? "s-1/" + record.get("seq") : null, id);
        records.add(record);
      } else if (line.isEmpty()) {
        id = null;
        event = null;
      } else {
        assertTrue(List.of(":", "END", ": the monitor has ended").contains(line), line);
      }
    }
    return records;
  }

  @Test
  void theLastIdCountsForMoreThanTheAddress() throws Exception {
    List<String> lines = lines("?since=3&stream=s-1", "Last-Event-ID", "s-1/15");
    await().atMost(SOON).until(() -> records(lines).size() == 5);
    assertEquals(16, records(lines).getFirst().get("seq").asLong());
    List<String> other = lines("", "Last-Event-ID", "old/15");
    await().atMost(SOON).until(() -> !records(other).isEmpty());
    assertEquals("events-lost", records(other).getFirst().get("kind").asText());
  }

  @Test
  void commentsKeepItAlive() throws Exception {
    List<String> lines = lines("?baseline=false");
    await().atMost(SOON).until(() -> lines.stream().filter(":"::equals).count() >= 3);
    fixture.world.change(1);
    await().atMost(SOON).until(() -> records(lines).size() == 2);
  }
}
