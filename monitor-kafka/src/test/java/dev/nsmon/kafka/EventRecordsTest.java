package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.CefFormat;
import dev.nsmon.format.CloudEventsFormat;
import dev.nsmon.format.EcsFormat;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.OcsfFormat;
import dev.nsmon.format.Style;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.format.TextFormat;
import dev.nsmon.kafka.EventRecords.Detail;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What values and headers are, in each format.
class EventRecordsTest {
  private static final NamespaceEvent HELD = Events.held(3);

  static Stream<EventFormat> others() {
    return Stream.of(
        new CloudEventsFormat(Events.HOST, Events.STREAM),
        new EcsFormat(Events.HOST, Events.STREAM),
        new OcsfFormat(Events.HOST, Events.STREAM, "1.0"),
        new CefFormat(Events.HOST, Events.STREAM, "1.0"),
        new SyslogFormat(Events.HOST, Events.STREAM),
        new TextFormat(Style.PLAIN, ZoneOffset.UTC));
  }

  private static EventRecords records(EventFormat format) {
    return new EventRecords("t", Events.HOST, Events.STREAM, format);
  }

  private static String value(ProducerRecord<byte[], byte[]> record) {
    return new String(record.value(), UTF_8);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  @ParameterizedTest
  @MethodSource("others")
  void valueIsTheLineOfTheFormat(EventFormat format) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    format.write(7, HELD, line);
    ProducerRecord<byte[], byte[]> record = records(format).of(new Entry(7, HELD), Detail.ALL);
    assertEquals(line.toString(UTF_8), value(record) + "\n");
    assertEquals(Events.HOST.id(), new String(record.key(), UTF_8));
    assertEquals(Events.STREAM + "/7", header(record, "ce_id"));
    assertEquals("dev.nsmon.namespace-created", header(record, "ce_type"));
    assertNull(header(record, "ce_truncated"));
  }

  /// The journal has it in JSON only.
  @ParameterizedTest
  @MethodSource("others")
  void whatWasWrittenDownIsWrittenAnewInAnotherFormat(EventFormat format) {
    byte[] json = "{\"as\": \"it was\"}".getBytes(UTF_8);
    Entry entry = new Entry(7, HELD.kind(), Instant.EPOCH, json, () -> HELD);
    assertEquals(
        value(records(format).of(new Entry(7, HELD), Detail.ALL)),
        value(records(format).of(entry, Detail.ALL)));
  }

  @Test
  void contentTypeTellsWhatTheValueIs() {
    assertEquals("application/json", header(of(Events.json(), Detail.ALL), "content-type"));
    assertEquals(
        Stream.of(
                "application/cloudevents+json; charset=utf-8",
                "application/json",
                "application/json",
                "text/plain; charset=utf-8",
                "text/plain; charset=utf-8",
                "text/plain; charset=utf-8")
            .toList(),
        others().map(format -> header(of(format, Detail.ALL), "content-type")).toList());
  }

  private static ProducerRecord<byte[], byte[]> of(EventFormat format, Detail detail) {
    return records(format).of(new Entry(7, HELD), detail);
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatIsLeftOutIsMarked(EventFormat format) throws IOException {
    NamespaceEvent large = Events.held(5_000);
    ProducerRecord<byte[], byte[]> record = records(format).of(new Entry(7, large), Detail.LITTLE);
    assertEquals("true", header(record, "ce_truncated"));
    assertTrue(record.value().length < 4096, () -> value(record));
    if (value(record).startsWith("{")) {
      JsonNode read = new ObjectMapper().readTree(record.value());
      assertEquals(format instanceof CloudEventsFormat, read.path("truncated").asBoolean());
    }
  }

  @Test
  void formatChangesFromOneRecordToTheNext() {
    EventRecords records = records(Events.json());
    Entry entry = new Entry(7, HELD);
    assertTrue(value(records.of(entry, Detail.ALL)).startsWith("{\"schema\":1,"));
    records.format(new CefFormat(Events.HOST, Events.STREAM, "1.0"));
    assertTrue(value(records.of(entry, Detail.ALL)).startsWith("CEF:0|"));
    assertFalse(value(records.of(entry, Detail.LOST)).startsWith("{"));
  }
}
