package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read and written again is the same, and what is no record is refused in one line.
final class JsonReaderTest {
  private static final JsonReader READER = new JsonReader();
  private static final Host HOST = new Host("node-1", "m-id", "b-id");
  private static final String LEFT =
      """
      {"schema":1,"stream":"s","seq":7,"kind":"process-left","time":"2026-11-23T10:00:00.123456Z",\
      "source":"poll","host":{},"process":{"pid":7},"namespaces":{"net":{"type":"net","inode":9,\
      "id":"8","key":"net:8","initial":false}}}\
      """;

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsReadAndWrittenAgainIsTheSame(long seed) throws IOException {
    RandomEvents events = new RandomEvents(seed);
    for (int i = 0; i < 200; i++) {
      NamespaceEvent event = events.next();
      String written = write(HOST, "s-1", seed * 1000 + i + 1, event);
      String again = write(READER.read(written.getBytes(UTF_8)));
      assertEquals(written, again, () -> "seed " + seed + ": " + event);
    }
  }

  @Test
  void everyLineOfTheGoldenFileIsReadAndWrittenAgain() throws IOException {
    for (String line : golden()) {
      assertEquals(line + "\n", write(READER.read(line.getBytes(UTF_8))));
    }
  }

  @Test
  void hostThatIsUnknownIsReadAsSuch() throws IOException {
    Host unknown = new Host("", "", "");
    String written = write(unknown, "s", 1, Samples.events("nginx").getFirst());
    assertEquals(unknown, READER.read(written.getBytes(UTF_8)).host());
  }

  @Test
  void ageOfANamespaceIsKnownWhereItsBeginningWasSeen() throws IOException {
    JsonReader.Told seen = READER.read(golden().get(0).getBytes(UTF_8));
    JsonReader.Told found = READER.read(golden().get(1).getBytes(UTF_8));
    assertEquals(
        Optional.of(seen.event().sighting().time()),
        ((Created) seen.event()).namespace().created());
    assertEquals(Source.BASELINE, found.event().sighting().source());
    assertEquals(Optional.empty(), ((Created) found.event()).namespace().created());
  }

  @Test
  void taskIsLiveInTheNamespacesThatTheRecordNames() throws IOException {
    Joined joined = (Joined) READER.read(golden().get(2).getBytes(UTF_8)).event();
    Task task = joined.process();
    assertEquals(Task.State.LIVE, task.state());
    assertEquals(0, task.instance());
    joined
        .namespaces()
        .forEach(place -> assertEquals(true, task.namespaces().isMember(place.namespace())));
  }

  @Test
  void whatANewerWriterAddedIsSkipped() throws IOException {
    JsonReader.Told plain = READER.read(LEFT.getBytes(UTF_8));
    String more =
        LEFT.replace("\"host\":{}", "\"new\":[{\"a\":[1.5,null]}],\"host\":{\"rack\":{\"u\":4}}")
            .replace("\"pid\":7", "\"pid\":7,\"limits\":{\"cpu\":1}")
            .replace("\"namespaces\":{", "\"namespaces\":{\"syslog\":{\"type\":\"syslog\"},")
            .replace("\"initial\":false", "\"initial\":false,\"label\":\"x\"");
    assertEquals(write(plain), write(READER.read(more.getBytes(UTF_8))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "schema\":1 | schema\":2 | schema: 2, and only 1 is known",
        "schema\":1 | schema\":\"1\" | schema: not a whole number",
        "\"schema\":1, | `` | schema: missing",
        "\"stream\":\"s\", | `` | stream: missing",
        "\"seq\":7, | `` | seq: missing",
        "\"host\":{}, | `` | host: missing",
        "\"source\":\"poll\", | `` | source: missing",
        "seq\":7 | seq\":7.5 | seq: not a whole number",
        "seq\":7 | seq\":0 | seq: not from 1 to 9223372036854775807",
        "seq\":7 | seq\":99999999999999999999 | seq: not from 1 to 9223372036854775807",
        "stream\":\"s\" | stream\":null | stream: not a text",
        "process-left | process lost | kind: not a word: process lost",
        "process-left | namespace-created | namespace: missing",
        "process-left | namespace-destroyed | namespace: missing",
        "process-left | synced | counts: missing",
        "process-left | events-lost | where: missing",
        "poll | \\u001b[m | source: not a word: \\x1b[m",
        "T10: | T25: | time: not a time: 2026-11-23T25:00:00.123456Z",
        "11-23T | 11-31T | time: not a time: 2026-11-31T10:00:00.123456Z",
        "3456Z | 345Z | time: not a time: 2026-11-23T10:00:00.12345Z",
        "{\"pid\":7} | [7] | process: not an object",
        "{\"pid\":7} | {} | process.pid: missing",
        "\"pid\":7 | \"pid\":4294967296 | process.pid: not from 0 to 2147483647",
        "\"pid\":7 | \"pid\":7,\"uid\":-1 | process.uid: not from 0 to 4294967295",
        "\"pid\":7 | \"pid\":7,\"nsPids\":7 | process.nsPids: not an array",
        "\"id\":\"8\" | \"id\":8 | namespaces.net.id: not a text",
        "\"id\":\"8\" | \"id\":\"-8\" | namespaces.net.id: not a number: -8",
        "\"key\":\"net:8\" | \"key\":\"pid:8\" | namespaces.net.key: not of its type: pid:8",
        "net:8\" | net:8\\n\" | namespaces.net.key: not of its type: net:8\\n",
        "net:8\" | net:8 8\" | namespaces.net.key: not of its type: net:8 8",
        "net:8\" | net:\" | namespaces.net.key: not of its type: net:",
        "\"inode\":9 | \"inode\":0 | namespaces.net.inode: not from 1 to 9223372036854775807",
        "\"initial\":false | \"initial\":0 | namespaces.net.initial: not true or false",
        "\"net\":{ | \"uts\":{ | namespaces.uts.type: not uts",
        "\"host\":{} | \"host\":7 | host: not an object",
        "\"host\":{} | \"host\":{\"name\":7} | host.name: not a text",
        "{\"pid\":7} | {\"pid\":7},\"container\":[] | container: not an object",
        "{\"pid\":7} | {\"pid\":7},\"container\":{\"id\":7} | container.id: not a text",
        "{\"pid\":7} | {\"pid\":7},\"attention\":\"x\" | attention: not an array",
        "{\"pid\":7} | {\"pid\":7},\"attention\":[7] | attention: not a text",
        ",\"namespaces\": | ,\"spaces\": | namespaces: missing",
      })
  void whatIsWrongIsNamed(String part, String wrong, String message) {
    assertEquals(message, refused(LEFT.replace(part, wrong == null ? "" : wrong)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "7", "[]", "null", "\"text\""})
  void whatIsNoObjectIsRefused(String json) {
    assertEquals("not a JSON object", refused(json));
  }

  @Test
  void twoRecordsAreNotOne() {
    assertEquals("more than one JSON object", refused(LEFT + LEFT));
  }

  @Test
  void recordThatIsCutOffIsRefusedInOneLine() {
    for (int end = 1; end < LEFT.length(); end++) {
      String message = refused(LEFT.substring(0, end));
      assertEquals("not JSON:", message.substring(0, 9), message);
      assertEquals(1, message.lines().count(), message);
    }
  }

  private static String refused(String json) {
    return assertThrows(IOException.class, () -> READER.read(json.getBytes(UTF_8)), json)
        .getMessage();
  }

  static List<String> golden() throws IOException {
    try (InputStream golden = JsonReaderTest.class.getResourceAsStream("events.golden.jsonl")) {
      return new String(golden.readAllBytes(), UTF_8).lines().toList();
    }
  }

  static String write(JsonReader.Told told) throws IOException {
    return write(told.host(), told.stream(), told.seq(), told.event());
  }

  @Test
  void whatTellsAStateHasNoNumber() throws IOException {
    String state =
        """
        {"schema":1,"stream":"s","kind":"namespace-created","time":"2026-11-23T10:00:00.123456Z",\
        "source":"baseline","host":{},"namespace":{"type":"net","inode":1,"key":"net:1",\
        "initial":false}}\
        """;
    assertEquals(0, new JsonReader().read(state.getBytes(UTF_8)).seq());
    String loss =
        """
        {"schema":1,"stream":"s","kind":"events-lost","time":"2026-11-23T10:00:00.123456Z",\
        "source":"poll","host":{},"where":"log"}\
        """;
    assertEquals(0, new JsonReader().read(loss.getBytes(UTF_8)).seq());
    String change = state.replace("baseline", "poll");
    assertThrows(IOException.class, () -> new JsonReader().read(change.getBytes(UTF_8)));
  }

  private static String write(Host host, String stream, long seq, NamespaceEvent event)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JsonFormat(host, stream).write(seq, event, out);
    return out.toString(UTF_8);
  }
}
