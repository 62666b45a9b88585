package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.format.Host;
import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.StateFormat;
import dev.nsmon.format.StateReader;
import dev.nsmon.log.Entry;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Outage;
import dev.nsmon.sink.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;

/// Maintains a compacted topic with the current namespaces of this host: one record for each, with
/// the key `HOST/TYPE/ID`. Namespaces that are gone, also those of an earlier boot, get a
/// tombstone.
///
/// It starts from the records in the topic and a snapshot, then follows the log. Changes are
/// coalesced to two publications a second. Every 30 s a new snapshot updates what has no events:
/// holders, and the number of processes in initial namespaces. All records of a host are in one
/// partition. The pump's thread calls all methods.
public final class StateSink implements Sink {
  private static final Duration COALESCE = Duration.ofMillis(500);
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final String topic;
  private final String keyPrefix;
  private final Supplier<Present> present;
  private final long refreshNanos;
  private final OwnPartition partition;
  private final Publisher publisher;
  private final HostNamespaces namespaces;
  private final HostClock clock;
  private final SizeLimit limit;
  private final StateFormat format = new StateFormat();
  private final StateReader reader = new StateReader();

  /// This host's records in the topic: [StateFormat#content] by namespace key. An empty array
  /// stands for a record that can't be parsed.
  private final Map<String, byte[]> published = new HashMap<>();

  /// True from the end of [#readTopic] until [#flush] has started to compare all namespaces with
  /// [#published].
  private boolean reread;

  /// Highest offset that was read or published in the partition; -1 if none. A record that is
  /// published at the same or a lower offset is in a topic that was deleted and created again.
  private long highestOffset = -1;

  /// True if [#idle] must take a new snapshot at once: at the start, and after an entry that says
  /// that others are missing. Cleared by [#idle].
  private boolean lookIsDue = true;

  /// When the last snapshot was taken, in monotonic time.
  private long lookedNanos;

  /// When the last flush ended, in monotonic time; 0 before the first.
  private long flushedNanos;

  /// @param stream the stream that the entries' sequence numbers belong to
  /// @param present returns a snapshot of the host; may block for a moment
  /// @param remarks takes lines for people
  public StateSink(
      KafkaProperties properties,
      String topic,
      Host host,
      String stream,
      Supplier<Present> present,
      Consumer<String> remarks,
      HostClock clock) {
    this(properties, topic, host, stream, present, REFRESH, remarks, clock);
  }

  StateSink(
      KafkaProperties properties,
      String topic,
      Host host,
      String stream,
      Supplier<Present> present,
      Duration refresh,
      Consumer<String> remarks,
      HostClock clock) {
    this.clock = clock;
    this.limit = new SizeLimit(clock::nanoTime);
    this.topic = topic;
    this.keyPrefix = host.key() + "/";
    this.present = present;
    this.refreshNanos = refresh.toNanos();
    this.namespaces = new HostNamespaces(host, stream);
    this.partition = new OwnPartition(properties, topic, host.key(), clock);
    Outage outage = new Outage("Kafka topic " + topic, remarks, clock::nanoTime, clock::sleep);
    this.publisher = new Publisher(properties, Map.of(), topic, outage, this::connected);
  }

  /// Reads the topic after each connect: it may have been deleted and created again.
  private void connected(Producer<byte[], byte[]> producer) {
    readTopic();
  }

  private void readTopic() {
    published.clear();
    highestOffset = -1;
    partition.all(this::takePublished);
    reread = true;
  }

  private void takePublished(ConsumerRecord<byte[], byte[]> record) {
    highestOffset = record.offset();
    String key = record.key() == null ? "" : new String(record.key(), UTF_8);
    if (!key.startsWith(keyPrefix)) {
      return;
    }
    String itsKey = key.substring(keyPrefix.length()).replaceFirst("/", ":");
    if (record.value() == null) {
      published.remove(itsKey);
      return;
    }
    try {
      published.put(itsKey, format.content(reader.read(record.value())));
    } catch (IOException e) {
      // Differs from every state, so that it is overwritten or removed.
      published.put(itsKey, new byte[0]);
    }
  }

  @Override
  public Appetite write(List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      lookIsDue |= namespaces.apply(entry);
    }
    idle();
    return Appetite.MORE;
  }

  @Override
  public void idle() throws IOException {
    publisher.check();
    long now = clock.nanoTime();
    if (lookIsDue || now - lookedNanos >= refreshNanos) {
      namespaces.begin(present.get());
      lookIsDue = false;
      lookedNanos = now;
    }
    if (flushedNanos == 0 || now - flushedNanos >= COALESCE.toNanos()) {
      flush();
      flushedNanos = now;
    }
  }

  private void flush() throws IOException {
    Set<String> changed = namespaces.takeChanged();
    if (flushedNanos == 0) {
      // Connects, which reads the topic.
      publisher.insist(_ -> {});
    }
    while (true) {
      if (reread) {
        reread = false;
        if (flushedNanos != 0) {
          namespaces.begin(present.get());
        }
        changed.addAll(namespaces.takeChanged());
        changed.addAll(published.keySet());
      }
      publish(changed);
      if (!reread) {
        return;
      }
      changed.clear();
    }
  }

  private void publish(Set<String> changed) throws IOException {
    StateBatch batch = new StateBatch(topic, format, limit);
    Map<String, Optional<byte[]>> told = new HashMap<>();
    for (String key : changed) {
      Optional<NamespaceState> state = namespaces.now(key);
      Optional<byte[]> content = state.map(format::content);
      if (!Arrays.equals(content.orElse(null), published.get(key))) {
        batch.add(keyPrefix + key.replaceFirst(":", "/"), state);
        told.put(key, content);
      }
    }
    if (told.isEmpty()) {
      return;
    }
    Sending sending = new Sending(publisher, batch, 0, false);
    publisher.insist(
        producer -> {
          batch.to(partition.among(producer.partitionsFor(topic).size()));
          sending.with(producer);
        });
    told.forEach(
        (key, content) ->
            content.ifPresentOrElse(now -> published.put(key, now), () -> published.remove(key)));
    if (sending.lowestOffset() <= highestOffset) {
      publisher.insist(_ -> readTopic());
    }
    highestOffset = Math.max(highestOffset, sending.highestOffset());
  }

  @Override
  public void abandon(String reason) {
    publisher.close();
  }

  @Override
  public void close() throws IOException {
    // Before the first snapshot every namespace in the topic would seem to be gone.
    if (flushedNanos != 0) {
      flush();
    }
    publisher.close();
  }
}
