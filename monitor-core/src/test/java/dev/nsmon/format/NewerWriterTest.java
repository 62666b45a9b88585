package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.event.EventFilter;
import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.testing.StrictSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a newer nsmon may write is read: words that are not known are kept, and a record of a kind
/// that is not known is handed on as it came.
final class NewerWriterTest {
  private static final JsonReader READER = new JsonReader();
  private static final Host HOST = new Host("node-1", "m-id", "b-id");
  private static final String BEGIN =
      """
      {"schema":1,"stream":"s","seq":7,"kind":"%s","time":"2026-11-23T10:00:00.123456Z",\
      "source":"%s","host":{"name":"node-1","id":"m-id","bootId":"b-id"}\
      """;
  private static final String NET =
      "{\"type\":\"net\",\"inode\":9,\"id\":\"8\",\"key\":\"net:8\",\"initial\":false}";
  private static final String FROZEN =
      BEGIN.formatted("namespace-frozen", "bpf")
          + ",\"namespace\":"
          + NET
          + ",\"process\":{\"pid\":4711,\"comm\":\"nginx\"},\"since\":{\"ticks\":[1.5,null]}}";

  private static String destroyed(String source, String evidence) {
    return BEGIN.formatted("namespace-destroyed", source)
        + ",\"namespace\":"
        + NET
        + ",\"evidence\":\""
        + evidence
        + "\"}";
  }

  private static String joined(String more) {
    return BEGIN.formatted("process-joined", "poll")
        + ",\"process\":{\"pid\":7%s},\"namespaces\":{\"net\":".formatted(more)
        + NET
        + "},\"attention\":[\"joined-host-net-namespace\",\"left-a-sandbox\"],"
        + "\"attack\":[\"T1611\"]}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpf", "fanotify_2", "X.1"})
  void wordsThatAreNotKnownAreKept(String word) throws IOException {
    assertReadAndWritten(destroyed(word, "no-holder"));
    assertReadAndWritten(destroyed("poll", word));
    assertReadAndWritten(joined(",\"cause\":\"" + word + "\""));
    assertReadAndWritten(
        BEGIN.formatted("events-lost", "poll") + ",\"where\":\"" + word + "\",\"count\":3}");
  }

  private static void assertReadAndWritten(String json) throws IOException {
    assertEquals(json + "\n", JsonReaderTest.write(READER.read(json.getBytes(UTF_8))));
    assertObeysTheSchema(json);
  }

  private static void assertObeysTheSchema(String json) throws IOException {
    assertEquals(List.of(), StrictSchema.open().validate(new ObjectMapper().readTree(json)), json);
  }

  @Test
  void wordsThatAreNotKnownAreShown() throws IOException {
    assertEquals(
        "10:00:00.123 destroyed                      net:[9]  bpf-said\n",
        text(READER.read(destroyed("bpf", "bpf-said").getBytes(UTF_8)).event()));
    assertEquals(
        "10:00:00.123 joined    7                    net:[9]  clone3"
            + "  ! joined-host-net-namespace, left-a-sandbox\n",
        text(READER.read(joined(",\"cause\":\"clone3\"").getBytes(UTF_8)).event()));
  }

  @Test
  void recordOfAKindThatIsNotKnownIsHandedOnAsItCame() throws IOException {
    JsonReader.Told told = READER.read(FROZEN.getBytes(UTF_8));
    assertEquals(7, told.seq());
    assertEquals("namespace-frozen", told.event().kind().toString());
    assertEquals(FROZEN + "\n", JsonReaderTest.write(told));
    assertEquals(
        "10:00:00.123 namespace-frozen 4711 nginx           net:[9]  (not known to this version)\n",
        text(told.event()));
    assertObeysTheSchema(FROZEN);
  }

  @Test
  void everyFormatHasAFormForIt() throws IOException {
    NamespaceEvent frozen = READER.read(FROZEN.getBytes(UTF_8)).event();
    for (EventFormat format :
        List.of(
            new CefFormat(HOST, "s", "1"),
            new CloudEventsFormat(HOST, "s"),
            new EcsFormat(HOST, "s"),
            new OcsfFormat(HOST, "s", "1"),
            new SyslogFormat(HOST, "s"))) {
      String line = written(format, frozen);
      assertTrue(line.contains("namespace-frozen"), line);
      assertTrue(line.contains("net:8"), line);
      assertTrue(line.contains("4711"), line);
      assertEquals(1, line.lines().count(), line);
    }
    assertTrue(written(new CloudEventsFormat(HOST, "s"), frozen).contains("\"data\":" + FROZEN));
  }

  @Test
  void filterKnowsItByWhatItNames() throws IOException {
    NamespaceEvent frozen = READER.read(FROZEN.getBytes(UTF_8)).event();
    assertTrue(EventFilter.ALL.passes(frozen));
    assertTrue(ofType(NamespaceType.NET).passes(frozen));
    assertFalse(ofType(NamespaceType.UTS).passes(frozen));
  }

  private static EventFilter ofType(NamespaceType type) {
    return new EventFilter(Set.of(type), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"namespaces\":[" + NET + "]}",
        ",\"process\":\"4711\"}",
        ",\"namespace\":{\"type\":\"syslog\",\"key\":\"syslog:1\",\"initial\":false}}",
        "}"
      })
  void itsDetailsMayBeAnything(String rest) throws IOException {
    String json = BEGIN.formatted("host-suspended", "bpf") + rest;
    JsonReader.Told told = READER.read(json.getBytes(UTF_8));
    assertEquals(json + "\n", JsonReaderTest.write(told));
  }

  @Test
  void recordAboutATypeThatIsNotKnownIsHandedOnAsItCame() throws IOException {
    String json = destroyed("perf", "no-holder").replace("\"net", "\"syslog");
    JsonReader.Told told = READER.read(json.getBytes(UTF_8));
    assertTrue(told.event() instanceof Other);
    assertEquals("namespace-destroyed", told.event().kind().toString());
    assertEquals(json + "\n", JsonReaderTest.write(told));
    assertObeysTheSchema(json);
  }

  @Test
  void severalLinesBecomeOne() throws IOException {
    String spread = FROZEN.replace(",", ",\n  ").replace("nginx", "ngin\u00fcx");
    String written = JsonReaderTest.write(READER.read(spread.getBytes(UTF_8)));
    assertEquals(FROZEN.replace("nginx", "ngin\\u00FCx") + "\n", written);
    assertEquals(1, written.lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"net:unseen-1764469333.000017/4711", "net:\\\"q\\\\", "net:a:b"})
  void keyMayHaveAnyFormAndTheInodeMayBeAbsent(String key) throws IOException {
    String json =
        BEGIN.formatted("namespace-destroyed", "perf")
            + ",\"namespace\":{\"type\":\"net\",\"key\":\""
            + key
            + "\",\"initial\":false},\"evidence\":\"no-holder\"}";
    assertReadAndWritten(json);
    Destroyed destroyed = (Destroyed) READER.read(json.getBytes(UTF_8)).event();
    assertEquals(destroyed.namespace().key(), destroyed.namespace().name());
    assertTrue(text(destroyed).contains(" " + destroyed.namespace().key() + "  no-holder"));
  }

  @Test
  void namespaceWithoutAnInodeIsListedWithoutOne() throws IOException {
    String present =
        """
        {"schema":1,"stream":"s","seq":7,"time":"2026-11-23T10:00:00.123456Z","host":{},\
        "namespaces":[{"type":"time","key":"time:unseen-7","initial":false,"processCount":0}]}\
        """;
    PresentReader.One one = new PresentReader(_ -> {}).read(present.getBytes(UTF_8)).getFirst();
    assertEquals("time:unseen-7", one.state().namespace().key());
    List<String> lines = new FleetTable(Style.PLAIN, 0).lines(List.of(one.state()));
    assertFalse(lines.getLast().contains("-1"), lines::toString);
  }

  @Test
  void namespaceOfATypeThatIsNotKnownIsPassedOverAndSaidSo() throws IOException {
    String present =
        """
        {"schema":1,"stream":"s","seq":7,"time":"2026-11-23T10:00:00.123456Z","host":{},\
        "namespaces":[{"type":"syslog","key":"syslog:7","initial":false},%s]}\
        """
            .formatted(NET);
    List<String> remarks = new ArrayList<>();
    assertEquals(1, new PresentReader(remarks::add).read(present.getBytes(UTF_8)).size());
    assertEquals(
        List.of("passed over 1 namespaces of a newer nsmon: namespaces.type: not known: syslog"),
        remarks);
  }

  @Test
  void stateIsMadeOfWhatIsKnown() throws IOException {
    HostState state = new HostState(false);
    state.apply(Samples.events("nginx").getFirst());
    int before = state.events().size();
    state.apply(READER.read(FROZEN.getBytes(UTF_8)).event());
    assertEquals(before, state.events().size());
    String unseen = BEGIN.formatted("namespace-created", "perf") + ",\"namespace\":" + NET + "}";
    state.apply(READER.read(unseen.replace("\"inode\":9,", "").getBytes(UTF_8)).event());
    assertEquals(-1, state.namespace("net:8").orElseThrow().inode());
    state.apply(READER.read(unseen.getBytes(UTF_8)).event());
    assertEquals(9, state.namespace("net:8").orElseThrow().inode());
    assertTrue(state.events().getLast() instanceof Created);
  }

  private static String text(NamespaceEvent event) throws IOException {
    return written(new TextFormat(Style.PLAIN, ZoneOffset.UTC), event);
  }

  private static String written(EventFormat format, NamespaceEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.write(7, event, out);
    return out.toString(UTF_8);
  }
}
