package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the state topic holds is read, and what is none of it refused.
final class StateReaderTest {
  private static final String STATE =
      """
      {"schema":1,"host":{"name":"node-1","id":"m"},"stream":"s","seq":9,\
      "time":"2026-11-23T10:00:00.000000Z","namespace":{"type":"net","inode":9,"id":"8",\
      "key":"net:8","initial":false,"owner":"user:4","holders":[{"kind":"for-children","pid":7}]},\
      "processCount":3,"created":"2026-11-23T09:00:00.000000Z",\
      "container":{"id":"web","runtime":"lxc"},"new":{"x":[1]}}\
      """;

  private static NamespaceState read(String json) throws IOException {
    return new StateReader().read(json.getBytes(UTF_8));
  }

  @Test
  void allThatItTellsIsRead() throws IOException {
    NamespaceState state = read(STATE);
    Namespace net =
        new Namespace(
            NamespaceType.NET,
            9,
            8,
            "net:8",
            false,
            "",
            "user:4",
            -1,
            Optional.of(Instant.parse("2026-11-23T09:00:00Z")));
    assertEquals(
        new NamespaceState(
            new Host("node-1", "m", ""),
            "s",
            9,
            Instant.parse("2026-11-23T10:00:00Z"),
            net,
            List.of(new Holder.ForChildren(7)),
            3,
            new Container("web", "lxc", "", "", "")),
        state);
    assertEquals(net.toString(), state.namespace().toString());
  }

  @Test
  void whatIsReadAndWrittenAgainIsTheSame() throws IOException {
    String plain = STATE.replace(",\"new\":{\"x\":[1]}", "");
    assertEquals(plain, new String(new StateFormat().write(read(plain)), UTF_8));
    String bare =
        plain
            .replace(",\"created\":\"2026-11-23T09:00:00.000000Z\"", "")
            .replace(",\"container\":{\"id\":\"web\",\"runtime\":\"lxc\"}", "");
    assertEquals(bare, new String(new StateFormat().write(read(bare)), UTF_8));
  }

  /// What has the same content need not be published again.
  @Test
  void contentIsAllButWhenItWasTold() throws IOException {
    String content =
        STATE
            .replace("\"schema\":1,", "")
            .replace(",\"stream\":\"s\",\"seq\":9,\"time\":\"2026-11-23T10:00:00.000000Z\"", "")
            .replace(",\"new\":{\"x\":[1]}", "");
    assertEquals(content, new String(new StateFormat().content(read(STATE)), UTF_8));
    String later = STATE.replace("\"seq\":9", "\"seq\":10").replace("T10:", "T11:");
    assertEquals(content, new String(new StateFormat().content(read(later)), UTF_8));
    String more = STATE.replace("\"processCount\":3", "\"processCount\":4");
    assertNotEquals(content, new String(new StateFormat().content(read(more)), UTF_8));
  }

  @Test
  void whatIsUnknownIsReadAsSuch() throws IOException {
    NamespaceState state = read(STATE.replace("created", "made").replace("\"container\"", "\"c\""));
    assertEquals(Optional.empty(), state.namespace().created());
    assertEquals(Container.NONE, state.container());
  }

  @ParameterizedTest
  @ValueSource(strings = {"schema", "host", "stream", "seq", "time", "namespace", "processCount"})
  void whatIsMissingIsNamed(String field) {
    String without = STATE.replace("\"" + field + "\"", "\"other\"");
    IOException refused = assertThrows(IOException.class, () -> read(without));
    assertEquals(field + ": missing", refused.getMessage());
  }
}
