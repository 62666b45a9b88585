package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Formats a record as a structured CloudEvent 1.0 in JSON (CloudEvents JSON event format), one
/// object per line. The data is the record of [JsonFormat].
public final class CloudEventsFormat implements EventFormat {
  private final JsonFormat records;
  private final byte[] head;
  private final String id;
  private final Map<Kind, String> types = new HashMap<>();

  /// @param stream the stream that the sequence numbers belong to
  public CloudEventsFormat(Host host, String stream) {
    this.records = new JsonFormat(host, stream);
    this.head =
        ascii(
            "{\"specversion\":\""
                + CloudEvents.VERSION
                + "\",\"source\":\""
                + escaped(CloudEvents.source(host))
                + "\",\"datacontenttype\":\""
                + CloudEvents.CONTENT_TYPE
                + "\",\"id\":\"");
    this.id = escaped(stream);
    for (Kind kind : Kind.values()) {
      types.put(kind, type(kind));
    }
  }

  private static String type(Kind kind) {
    return "\",\"type\":\"" + CloudEvents.type(kind) + "\",\"time\":\"";
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    byte[] record = records.record(seq, event);
    write(
        seq,
        event.kind(),
        event.sighting().time(),
        CloudEvents.subject(event),
        record,
        record.length,
        out);
  }

  /// Writes a record that was formatted earlier, such as one from the journal, and its line end.
  ///
  /// @param subject as returned by [CloudEvents#subject]
  /// @param record as [JsonFormat] wrote it, with or without its line end
  /// @param length length of the record without the line end
  /// @throws IOException only if `out` does
  public void write(
      long seq,
      Kind kind,
      Instant time,
      Optional<String> subject,
      byte[] record,
      int length,
      OutputStream out)
      throws IOException {
    write(Long.toString(seq), kind, time, subject, out);
    out.write(ascii("\",\"sequence\":\"" + CloudEvents.sequence(seq)));
    data(record, length, out);
  }

  /// Writes a record that has no sequence number, and its line end.
  ///
  /// @param name takes the place of the number in the id
  /// @throws IOException only if `out` does
  public void writeUnnumbered(String name, NamespaceEvent event, OutputStream out)
      throws IOException {
    ByteArrayOutputStream record = new ByteArrayOutputStream(1024);
    records.writeUnnumbered(event, record);
    byte[] line = record.toByteArray();
    write(name, event.kind(), event.sighting().time(), CloudEvents.subject(event), out);
    data(line, line.length - 1, out);
  }

  private void write(
      String name, Kind kind, Instant time, Optional<String> subject, OutputStream out)
      throws IOException {
    out.write(head);
    StringBuilder text = new StringBuilder(160);
    text.append(id)
        .append('/')
        .append(name)
        .append(types.getOrDefault(kind, type(kind)))
        .append(Rfc3339.utc(time));
    if (subject.isPresent()) {
      text.append("\",\"subject\":\"").append(escaped(subject.get()));
    }
    out.write(ascii(text.toString()));
  }

  private static void data(byte[] record, int length, OutputStream out) throws IOException {
    out.write(DATA);
    out.write(record, 0, length);
    out.write(END);
  }

  private static final byte[] DATA = ascii("\",\"data\":");
  private static final byte[] END = ascii("}\n");

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /// Escapes a text for a JSON string, in ASCII, without quotes.
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : JsonStringEncoder.getInstance().quoteAsString(text)) {
      if (c < 0x7f) {
        escaped.append(c);
      } else {
        escaped.append("\\u%04x".formatted((int) c));
      }
    }
    return escaped.toString();
  }
}
