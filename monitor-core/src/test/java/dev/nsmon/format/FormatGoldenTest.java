package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each format makes of every kind of record, byte for byte, as the files of `golden` have it.
/// They are what other programs read: a line that changes there changes for them.
final class FormatGoldenTest {
  private static final Host HOST = new Host("node-1", "m-id", "b-id");
  private static final String STREAM = "s-1";

  private static EventFormat format(String file) {
    CefFormat cef = new CefFormat(HOST, STREAM, "1.2");
    return switch (file) {
      case "json.jsonl" -> new JsonFormat(HOST, STREAM);
      case "cloudevents.jsonl" -> new CloudEventsFormat(HOST, STREAM);
      case "ecs.jsonl" -> new EcsFormat(HOST, STREAM);
      case "ocsf.jsonl" -> new OcsfFormat(HOST, STREAM, "1.2");
      case "cef.txt" -> cef;
      case "syslog.txt" -> new SyslogFormat(HOST, STREAM);
      case "syslog-cef.txt" -> new SyslogFormat(HOST, STREAM).carrying(cef);
      case "text.txt" -> new TextFormat(new Style(false, true), ZoneOffset.UTC);
      case "text-coloured-dated.txt" ->
          new TextFormat(new Style(true, false), ZoneOffset.ofHours(14)).withDate();
      default -> throw new IllegalArgumentException(file);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json.jsonl",
        "cloudevents.jsonl",
        "ecs.jsonl",
        "ocsf.jsonl",
        "cef.txt",
        "syslog.txt",
        "syslog-cef.txt",
        "text.txt",
        "text-coloured-dated.txt"
      })
  void everyRecordIsAsTheGoldenFileHasIt(String file) throws IOException {
    assertEquals(golden(file), written(format(file)));
  }

  @Test
  void whatWasWrittenIsReadAndWrittenAgain() throws IOException {
    JsonReader reader = new JsonReader();
    for (String line : golden("json.jsonl").lines().toList()) {
      JsonReader.Told told = reader.read(line.getBytes(UTF_8));
      ByteArrayOutputStream again = new ByteArrayOutputStream();
      new JsonFormat(told.host(), told.stream()).write(told.seq(), told.event(), again);
      assertEquals(line + "\n", again.toString(UTF_8));
    }
  }

  private static String written(EventFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long seq = 1;
    for (NamespaceEvent event : Samples.all()) {
      format.write(seq++, event, out);
    }
    return out.toString(UTF_8);
  }

  private static String golden(String file) throws IOException {
    try (InputStream in = FormatGoldenTest.class.getResourceAsStream("golden/" + file)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
