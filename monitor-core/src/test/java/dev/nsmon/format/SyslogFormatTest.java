package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A message is one by the grammar of RFC 5424, section 6, and tells what the record tells.
final class SyslogFormatTest {
  private static final Host HOST = new Host("node-1", "m-id", "b-id");

  private static final Pattern MESSAGE =
      Pattern.compile(
          "<(\\d{1,3})>1 (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z) ([!-~]{1,255}) nsmon"
              + " - ([!-~]{1,32}) \\[nsmon@32473((?:"
              + " [!-<>-\\\\^-~&&[^\"]]{1,32}=\"(?:[^\"\\\\\\]]|\\\\[\"\\\\\\]])*\")*)] \ufeff([^\n"
              + "]+)\n");
  private static final Pattern PARAMETER =
      Pattern.compile(" ([^=]+)=\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);

  private static Matcher written(Host host, NamespaceEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SyslogFormat(host, "s-1").write(12, event, out);
    Matcher message = MESSAGE.matcher(out.toString(UTF_8));
    assertTrue(message.matches(), out.toString(UTF_8));
    return message;
  }

  private static Map<String, String> parameters(Matcher message) {
    Map<String, String> all = new LinkedHashMap<>();
    Matcher one = PARAMETER.matcher(message.group(5));
    while (one.find()) {
      String before = all.put(one.group(1), one.group(2).replaceAll("\\\\(.)", "$1"));
      assertEquals(null, before, one.group(1));
    }
    return all;
  }

  @Test
  void everyKindOfRecordIsAMessage() throws IOException {
    for (NamespaceEvent event : Samples.events("nginx")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new JsonFormat(HOST, "s-1").write(12, event, out);
      JsonNode record = new ObjectMapper().readTree(out.toByteArray());
      Matcher message = written(HOST, event);
      assertEquals(
          switch (event) {
            case Created _ -> "134 NSCREATE";
            case Joined joined -> joined.attention().isEmpty() ? "134 NSJOIN" : "131 NSJOIN";
            case Left _ -> "134 NSLEAVE";
            case Destroyed _ -> "134 NSDESTROY";
            case Synced _ -> "134 NSSYNC";
            case EventsLost _ -> "132 NSLOST";
            case Other _ -> "134 NSOTHER";
          },
          message.group(1) + " " + message.group(4));
      assertEquals(record.get("time").asText(), message.group(2));
      Map<String, String> parameters = parameters(message);
      for (String[] pair :
          new String[][] {
            {"/stream", "stream"},
            {"/seq", "seq"},
            {"/kind", "kind"},
            {"/source", "source"},
            {"/notBefore", "notBefore"},
            {"/host/id", "hostId"},
            {"/host/bootId", "bootId"},
            {"/evidence", "evidence"},
            {"/lifetimeMillis", "lifetimeMillis"},
            {"/process/pid", "pid"},
            {"/process/tid", "tid"},
            {"/process/startTicks", "startTicks"},
            {"/process/ppid", "ppid"},
            {"/process/comm", "comm"},
            {"/process/exe", "exe"},
            {"/process/uid", "uid"},
            {"/process/cause", "cause"},
            {"/container/id", "containerId"},
            {"/container/runtime", "runtime"},
            {"/container/name", "containerName"},
            {"/container/image", "containerImage"},
            {"/container/qos", "qos"},
            {"/counts/processes", "processes"},
            {"/where", "where"},
            {"/first", "first"},
            {"/count", "count"},
          }) {
        JsonNode value = record.at(pair[0]);
        assertEquals(value.isMissingNode() ? null : value.asText(), parameters.get(pair[1]));
      }
      if (record.has("namespace")) {
        assertEquals(record.at("/namespace/key").asText(), parameters.get("nsKey"));
        assertEquals(
            record.at("/namespace/initial").asText(), parameters.get("nsInitial"), "as it is");
      }
    }
  }

  @Test
  void aJoinNamesAllItsNamespaces() throws IOException {
    Map<String, String> joined = parameters(written(HOST, Samples.events("nginx").get(2)));
    assertEquals("net:810 user:811", joined.get("nsKey"));
    assertEquals("net:[4026532177] user:[4026532178]", joined.get("nsName"));
    assertEquals("net:3", joined.get("fromKey"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a]b\"c\\d",
        "\"]\n<134>1 - - - - - - forged",
        "] [nsmon@32473 pid=\"1\"",
        "\u001b]0;title\u0007",
        "\u202egnp.exe",
        "caf\u00e9",
      })
  void aNameIsAValueAndNothingElse(String name) throws IOException {
    for (NamespaceEvent event : Samples.events(name)) {
      Matcher message = written(HOST, event);
      if (event.task().isPresent() && !event.task().get().info().comm().isEmpty()) {
        assertEquals(Escape.text(name), parameters(message).get("comm"));
      }
    }
  }

  @Test
  void aHostWithoutANameIsADash() throws IOException {
    NamespaceEvent event = Samples.events("nginx").getFirst();
    assertEquals("-", written(new Host("", "", ""), event).group(3));
    assertEquals("ab", written(new Host("a b\u00e9\n", "", ""), event).group(3));
    assertEquals("!~", written(new Host(" !\u007f~\u0080", "", ""), event).group(3));
    assertEquals("n".repeat(255), written(new Host("n".repeat(300), "", ""), event).group(3));
    assertFalse(parameters(written(new Host("", "", ""), event)).containsKey("hostId"));
  }
}
