package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What each format makes of every kind of record, byte for byte, as the files of `golden` have it.
/// They are what other programs read: a line that changes there changes for them.
final class FormatGoldenTest {
  private static final Host HOST = new Host("node-1", "m-id", "b-id");
  private static final String STREAM = "s-1";

  static Stream<Arguments> formats() {
    CefFormat cef = new CefFormat(HOST, STREAM, "1.2");
    return Stream.of(
        Arguments.of("json.jsonl", new JsonFormat(HOST, STREAM)),
        Arguments.of("cloudevents.jsonl", new CloudEventsFormat(HOST, STREAM)),
        Arguments.of("ecs.jsonl", new EcsFormat(HOST, STREAM)),
        Arguments.of("ocsf.jsonl", new OcsfFormat(HOST, STREAM, "1.2")),
        Arguments.of("cef.txt", cef),
        Arguments.of("syslog.txt", new SyslogFormat(HOST, STREAM)),
        Arguments.of("syslog-cef.txt", new SyslogFormat(HOST, STREAM).carrying(cef)),
        Arguments.of("text.txt", new TextFormat(new Style(false, true), ZoneOffset.UTC)),
        Arguments.of(
            "text-coloured-dated.txt",
            new TextFormat(new Style(true, false), ZoneOffset.ofHours(14)).withDate()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formats")
  void everyRecordIsAsTheGoldenFileHasIt(String file, EventFormat format) throws IOException {
    assertEquals(golden(file), written(format));
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

  static String written(EventFormat format) throws IOException {
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
