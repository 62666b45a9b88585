package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.format.CefFormat;
import dev.nsmon.format.CloudEvents;
import dev.nsmon.format.CloudEventsFormat;
import dev.nsmon.format.EcsFormat;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.OcsfFormat;
import dev.nsmon.format.Rfc3339;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.format.TextFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Encodes log entries as Kafka records: the host id as key, the event in the chosen format as
/// value, and the attributes of CloudEvents 1.0 as headers. That is the binary content mode of the
/// Kafka protocol binding. If the value is a whole CloudEvent, it is the structured mode, and the
/// headers repeat its attributes. Any thread.
final class EventRecords {
  private static final byte[] TRUNCATED = ",\"truncated\":true}".getBytes(UTF_8);

  private final String topic;
  private final byte[] key;

  /// The bytes of a `ce_id` before the sequence number.
  private final byte[] idBegin;

  private final JsonFormat least;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private volatile Values values;
  private final Header version = header("ce_specversion", CloudEvents.VERSION);
  private final Header isTruncated = header("ce_truncated", "true");
  private final Header source;
  private final Map<Kind, Header> types = new HashMap<>();

  /// The format of the values with its content type.
  private record Values(EventFormat format, Header contentType) {}

  /// How much of an entry is encoded, in order of decreasing size.
  enum Detail {
    ALL,
    /// Without what may be long: holders, programs, pids in nested namespaces, containers.
    LITTLE,
    /// An `events-lost` record in its place.
    LOST,
    /// The same in as few bytes as the schema allows: JSON, without headers.
    LEAST
  }

  EventRecords(String topic, Host host, String stream, EventFormat format) {
    this.topic = topic;
    this.idBegin = (stream + "/").getBytes(UTF_8);
    this.key = host.key().getBytes(UTF_8);
    this.least = new JsonFormat(new Host("", host.id(), ""), stream);
    format(format);
    this.source = header("ce_source", CloudEvents.source(host));
    for (Kind kind : Kind.values()) {
      types.put(kind, type(kind));
    }
  }

  private static Header type(Kind kind) {
    return header("ce_type", CloudEvents.type(kind));
  }

  /// Encodes values in this format from now on.
  void format(EventFormat next) {
    values = new Values(next, header("content-type", contentType(next)));
  }

  private static String contentType(EventFormat format) {
    return switch (format) {
      case JsonFormat _, EcsFormat _, OcsfFormat _ -> CloudEvents.CONTENT_TYPE;
      case CloudEventsFormat _ -> CloudEvents.STRUCTURED_TYPE;
      case CefFormat _, SyslogFormat _, TextFormat _ -> "text/plain; charset=utf-8";
    };
  }

  /// Encodes these entries with full detail.
  synchronized List<ProducerRecord<byte[], byte[]>> of(List<Entry> entries) {
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      all.add(of(entry, Detail.ALL));
    }
    return all;
  }

  synchronized ProducerRecord<byte[], byte[]> of(Entry entry, Detail detail) {
    Values now = values;
    byte[] value =
        switch (detail) {
          case ALL ->
              entry.json().isPresent() && now.format() instanceof JsonFormat
                  ? entry.json().get()
                  : write(now.format(), entry.seq(), entry.event());
          case LITTLE -> little(now.format(), entry);
          case LOST -> write(now.format(), entry.seq(), lost(entry));
          case LEAST -> least.record(entry.seq(), lost(entry));
        };
    Kind kind = detail == Detail.LOST ? Kind.EVENTS_LOST : entry.kind();
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, key, value);
    if (detail == Detail.LEAST) {
      return record;
    }
    record
        .headers()
        .add(version)
        .add(new RecordHeader("ce_id", id(entry.seq())))
        .add(types.get(kind) == null ? type(kind) : types.get(kind))
        .add(source)
        .add(new RecordHeader("ce_time", Rfc3339.ascii(entry.time())))
        .add(now.contentType());
    if (detail == Detail.LITTLE) {
      record.headers().add(isTruncated);
    }
    return record;
  }

  private byte[] write(EventFormat format, long seq, NamespaceEvent event) {
    if (format instanceof JsonFormat json) {
      return json.record(seq, event);
    }
    buffer.reset();
    try {
      format.write(seq, event, buffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] line = buffer.toByteArray();
    return Arrays.copyOf(line, line.length - 1);
  }

  private byte[] little(EventFormat format, Entry entry) {
    byte[] value = write(format, entry.seq(), little(entry.event()));
    // The schemas of the other formats have no field for a mark.
    return format instanceof JsonFormat || format instanceof CloudEventsFormat
        ? truncated(value)
        : value;
  }

  /// The same as [CloudEvents#id], without an intermediate String.
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

  /// A copy of this JSON object with `"truncated":true` added.
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
      case Other other -> other;
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
    if (entry.event() instanceof EventsLost lost) {
      return lost;
    }
    return new EventsLost(
        new Sighting(entry.time(), Optional.empty(), Source.POLL),
        EventsLost.Where.LOG,
        OptionalLong.of(entry.seq()),
        OptionalLong.of(entry.seq()),
        OptionalLong.of(1));
  }
}
