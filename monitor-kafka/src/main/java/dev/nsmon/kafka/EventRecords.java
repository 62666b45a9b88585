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
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Makes Kafka records of entries: the host's id as key, the JSON record as value, and the
/// attributes of CloudEvents 1.0 as headers (Kafka protocol binding, binary content mode). Used by
/// one thread.
final class EventRecords {
  private static final byte[] TRUNCATED = ",\"truncated\":true}".getBytes(UTF_8);

  private final String topic;
  private final byte[] key;

  /// All of an id but the number.
  private final byte[] idBegin;

  private final JsonFormat format;
  private final Header version = header("ce_specversion", CloudEvents.VERSION);
  private final Header contentType = header("content-type", CloudEvents.CONTENT_TYPE);
  private final Header source;
  private final Map<Kind, Header> types = new EnumMap<>(Kind.class);

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
    this.idBegin = (stream + "/").getBytes(UTF_8);
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
              entry.json().isPresent()
                  ? entry.json().get()
                  : format.record(entry.seq(), entry.event());
          case LITTLE -> truncated(format.record(entry.seq(), little(entry.event())));
          case LOST -> format.record(entry.seq(), lost(entry));
        };
    Kind kind = detail == Detail.LOST ? Kind.EVENTS_LOST : entry.kind();
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, key, value);
    record
        .headers()
        .add(version)
        .add(new RecordHeader("ce_id", id(entry.seq())))
        .add(types.get(kind))
        .add(source)
        .add(new RecordHeader("ce_time", Rfc3339.ascii(entry.time())))
        .add(contentType);
    return record;
  }

  /// As [CloudEvents#id] has it.
  private byte[] id(long seq) {
    int digits = 1;
    for (long left = seq / 10; left > 0; left /= 10) {
      digits++;
    }
    byte[] id = Arrays.copyOf(idBegin, idBegin.length + digits);
    long left = seq;
    for (int at = id.length - 1; at >= idBegin.length; at--) {
      id[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return id;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
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
