package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A line is one of the format, with keys of its dictionary, and tells what the record tells.
final class CefFormatTest {
  private static final Host HOST = new Host("node-1", "m-id", "b-id");

  /// The keys of the dictionary (ArcSight CEF implementation standard, version 25) that nsmon uses.
  private static final Set<String> KEYS =
      Set.of(
          "act",
          "cat",
          "cn1",
          "cn1Label",
          "cnt",
          "cs1",
          "cs1Label",
          "cs2",
          "cs2Label",
          "cs3",
          "cs3Label",
          "cs4",
          "cs4Label",
          "cs5",
          "cs5Label",
          "cs6",
          "cs6Label",
          "deviceExternalId",
          "dvchost",
          "externalId",
          "filePath",
          "flexString1",
          "flexString1Label",
          "flexString2",
          "flexString2Label",
          "msg",
          "reason",
          "rt",
          "sourceServiceName",
          "spid",
          "sproc",
          "start",
          "suid");

  private static final String HEADER =
      "((?:[^|\\\\]|\\\\[|\\\\])*)\\|([a-z-]+)\\|([^|\\\\]+)\\|(\\d+)";
  private static final Pattern LINE =
      Pattern.compile("CEF:0\\|nsmon\\|nsmon\\|" + HEADER + "\\|(.*)\\R");
  private static final Pattern PAIR =
      Pattern.compile("(\\w+)=((?:[^=\\\\]|\\\\[=\\\\])*)(?=$| \\w+=)");

  private static Matcher written(String version, NamespaceEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CefFormat(HOST, "s-1", version).write(12, event, out);
    Matcher line = LINE.matcher(out.toString(UTF_8));
    assertTrue(line.matches(), out.toString(UTF_8));
    return line;
  }

  private static Map<String, String> extension(Matcher line) {
    Map<String, String> all = new LinkedHashMap<>();
    Matcher one = PAIR.matcher(line.group(5));
    int end = 0;
    while (one.find()) {
      assertEquals(end, one.start(), line.group(5));
      end = one.end() + 1;
      assertTrue(KEYS.contains(one.group(1)), one.group(1));
      assertEquals(null, all.put(one.group(1), one.group(2).replaceAll("\\\\(.)", "$1")));
    }
    assertEquals(line.group(5).length() + 1, end, line.group(5));
    Map<String, String> named = new HashMap<>();
    all.forEach(
        (key, value) -> {
          assertFalse(value.isEmpty(), key);
          if (all.containsKey(key + "Label")) {
            named.put(all.get(key + "Label"), value);
          } else if (!key.endsWith("Label")) {
            named.put(key, value);
          }
        });
    return named;
  }

  @Test
  void everyKindOfRecordIsALine() throws IOException {
    for (NamespaceEvent event : Samples.all()) {
      Matcher line = written("1.2", event);
      assertEquals("1.2", line.group(1));
      assertEquals(event.kind().toString(), line.group(2));
      assertTrue(Integer.parseInt(line.group(4)) <= 10);
      Map<String, String> told = extension(line);
      assertEquals("" + event.sighting().time().toEpochMilli(), told.get("rt"));
      assertEquals("12", told.get("externalId"));
      assertEquals("s-1", told.get("stream"));
      assertEquals("node-1", told.get("dvchost"));
    }
  }

  @Test
  void whatARecordTellsHasItsKey() throws IOException {
    List<NamespaceEvent> events = Samples.events("nginx");
    Map<String, String> joined = extension(written("1", events.get(2)));
    assertEquals("net:810 user:811", joined.get("nsKey"));
    assertEquals("net:3", joined.get("fromKey"));
    assertEquals("unshare", joined.get("act"));
    assertEquals("4711", joined.get("spid"));
    assertEquals("nginx", joined.get("sproc"));
    assertEquals("/usr/sbin/nginx", joined.get("filePath"));
    assertEquals("0", joined.get("suid"));
    assertEquals(64, joined.get("containerId").length());
    Map<String, String> marked = extension(written("1", events.get(10)));
    assertEquals("joined-host-net-namespace", marked.get("reason"));
    assertTrue(marked.get("msg").endsWith("joined-host-net-namespace (T1611)"), marked::toString);
    assertEquals("8", written("1", events.get(10)).group(4));
    Map<String, String> destroyed = extension(written("1", events.get(5)));
    assertEquals("kernel-id-gone", destroyed.get("reason"));
    assertEquals("3000", destroyed.get("lifetimeMillis"));
    assertEquals("5", extension(written("1", events.get(8))).get("cnt"));
    assertFalse(extension(written("1", events.get(9))).containsKey("cnt"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=",
        "\\",
        "=a",
        "\\a",
        "a=b",
        "a|b\\c",
        "x spid=1",
        "\rCEF:0|x",
        "\u001b[31m",
        "=\\=",
        "caf\u00e9"
      })
  void aNameIsAValueAndNothingElse(String name) throws IOException {
    for (NamespaceEvent event : Samples.events(name)) {
      Map<String, String> told = extension(written("1|2", event));
      if (event.task().isPresent() && !event.task().get().info().comm().isEmpty()) {
        assertEquals(Escape.text(name), told.get("sproc"));
        assertEquals("4711", told.get("spid"));
      }
    }
  }
}
