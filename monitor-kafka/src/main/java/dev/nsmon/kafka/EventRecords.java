package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.format.CloudEvents;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.Rfc3339;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Makes Kafka records of entries: the host's id as key, the JSON record as value, and the
/// attributes of CloudEvents 1.0 as headers (Kafka protocol binding, binary content mode). Used by
/// one thread.
final class EventRecords {
  private static final byte[] TRUNCATED = ",\"truncated\":true}".getBytes(UTF_8);

  private final String topic;
  private final String stream;
  private final byte[] key;
  private final JsonFormat format;
  private final Header version = header("ce_specversion", CloudEvents.VERSION);
  private final Header contentType = header("content-type", CloudEvents.CONTENT_TYPE);
  private final Header source;
  private final Map<Kind, Header> types = new EnumMap<>(Kind.class);
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);

  /// How much of an entry is told.
  enum Detail {
    ALL,
    /// Without what may be long: holders, programs, pids in nested namespaces, containers.
    LITTLE,
    /// Only that it is missing.
    LOST
  }

  EventRecords(String topic, Host host, String stream) {
    this.topic = topic;
    this.stream = stream;
    this.key = host.key().getBytes(UTF_8);
    this.format = new JsonFormat(host, stream);
    this.source = header("ce_source", CloudEvents.source(host));
    for (Kind kind : Kind.values()) {
      types.put(kind, header("ce_type", CloudEvents.type(kind)));
    }
  }

  ProducerRecord<byte[], byte[]> of(Entry entry, Detail detail) {
    byte[] value =
        switch (detail) {
          case ALL ->
              entry.json().isPresent() ? entry.json().get() : json(entry.seq(), entry.event());
          case LITTLE -> truncated(json(entry.seq(), little(entry.event())));
          case LOST -> json(entry.seq(), lost(entry));
        };
    Kind kind = detail == Detail.LOST ? Kind.EVENTS_LOST : entry.kind();
    Header[] headers = {
      version,
      header("ce_id", CloudEvents.id(stream, entry.seq())),
      types.get(kind),
      source,
      header("ce_time", Rfc3339.utc(entry.time())),
      contentType
    };
    return new ProducerRecord<>(topic, null, key, value, new RecordHeaders(headers));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private byte[] json(long seq, NamespaceEvent event) {
    buffer.reset();
    try {
      format.write(seq, event, buffer);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail", e);
    }
    byte[] line = buffer.toByteArray();
    return Arrays.copyOf(line, line.length - 1);
  }

  /// The same object with a mark that something was left out.
  static byte[] truncated(byte[] json) {
    byte[] marked = Arrays.copyOf(json, json.length - 1 + TRUNCATED.length);
    System.arraycopy(TRUNCATED, 0, marked, json.length - 1, TRUNCATED.length);
    return marked;
  }

  private static NamespaceEvent little(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          new Created(
              created.sighting(),
              created.namespace(),
              created.process().map(EventRecords::little),
              List.of());
      case Joined joined ->
          new Joined(
              joined.sighting(),
              little(joined.process()),
              joined.namespaces(),
              joined.cause(),
              joined.attention());
      case Left left -> new Left(left.sighting(), little(left.process()), left.namespaces());
      case Destroyed destroyed ->
          new Destroyed(
              destroyed.sighting(),
              destroyed.namespace(),
              destroyed.lifetimeMillis(),
              destroyed.evidence(),
              Optional.empty());
      case Synced synced -> synced;
      case EventsLost lost -> lost;
    };
  }

  private static Task little(Task task) {
    ProcessInfo info = task.info();
    return new Task(
        task.pid(),
        task.tid(),
        task.instance(),
        task.state(),
        task.namespaces(),
        new ProcessInfo(
            info.startTicks(), info.ppid(), info.comm(), "", info.uid(), List.of(), ""));
  }

  private static EventsLost lost(Entry entry) {
    return new EventsLost(
        new Sighting(entry.time(), Optional.empty(), Source.POLL),
        EventsLost.Where.LOG,
        OptionalLong.of(entry.seq()),
        OptionalLong.of(entry.seq()),
        OptionalLong.of(1));
  }
}
