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

/// Keeps a compacted topic that holds the namespaces of this host as they are now: a record for
/// each, under `HOST/TYPE/ID`, and none for those that are gone, be it since an earlier boot.
///
/// It begins with what the topic holds and what a look shows, then follows the log; what changes
/// often is published twice a second at most. What the log does not tell (holders, and how many
/// live in initial namespaces) is looked up from time to time. All of a host is in one partition.
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

  /// What the topic holds of this host: by key of the namespace, [StateFormat#content].
  private final Map<String, byte[]> published = new HashMap<>();

  /// Whether the topic has been read again, so that all is to be compared with it.
  private boolean reread;

  /// Of the records that were read or published. A lower one is of a topic that was made anew.
  private long highestOffset = -1;

  private boolean lookIsDue = true;
  private long lookedNanos;
  private long flushedNanos;

  /// @param stream the stream that the numbers of the entries belong to
  /// @param present what there is; may make the caller wait a little
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

  /// Each time it connects it reads what the topic holds: it may have been made anew meanwhile.
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
      // Whatever it is, it is not what is now.
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
      // Connects, so that it is known what differs.
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
  public void close() throws IOException {
    // Without a look it would take everything for gone.
    if (flushedNanos != 0) {
      flush();
    }
    publisher.close();
  }
}
