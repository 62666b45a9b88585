package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.StateReader;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// Reads the namespaces of all hosts of a fleet from the state topic.
public final class FleetState {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

  private final String topic;
  private final Foreign foreign;
  private final HostClock clock;
  private final StateReader reader = new StateReader();
  private final Map<String, Received<NamespaceState>> known = new LinkedHashMap<>();

  FleetState(String topic, Consumer<String> remarks, HostClock clock) {
    this.clock = clock;
    this.topic = topic;
    this.foreign = new Foreign(topic, remarks);
  }

  /// Reads the topic from its beginning to its current end.
  ///
  /// @param remarks takes one line at a time for records that were skipped
  /// @return the latest state of each namespace; those with a tombstone are left out
  /// @throws IOException if it can't be read; the message is one line for people
  public static List<Received<NamespaceState>> read(
      KafkaProperties properties, String topic, Consumer<String> remarks, HostClock clock)
      throws IOException, InterruptedException {
    FleetState state = new FleetState(topic, remarks, clock);
    try (TopicReader from = new TopicReader(properties, topic)) {
      state.read(from);
    } catch (InterruptException e) {
      throw TopicReader.interrupted(e);
    } catch (KafkaException e) {
      throw new IOException("Kafka topic " + topic + ": " + Trouble.words(e, topic, properties), e);
    }
    return List.copyOf(state.known.values());
  }

  /// Reads from the beginning to the current end.
  ///
  /// @throws IOException if the brokers stop answering
  void read(TopicReader from) throws IOException {
    List<TopicPartition> partitions = from.partitions();
    Map<TopicPartition, Long> left = new HashMap<>(from.ends(partitions));
    Map<TopicPartition, Long> beginnings = from.beginnings(partitions);
    from.seek(beginnings);
    left.entrySet().removeIf(end -> end.getValue() <= beginnings.get(end.getKey()));
    long heard = clock.nanoTime();
    while (!left.isEmpty()) {
      ConsumerRecords<byte[], byte[]> polled = from.poll(POLL);
      polled.forEach(this::take);
      // The position also moves past compacted records and transaction markers, which poll does not
      // return.
      boolean ended =
          left.entrySet().removeIf(end -> end.getValue() <= from.position(end.getKey()));
      if (ended || !polled.isEmpty()) {
        heard = clock.nanoTime();
      } else if (clock.nanoTime() - heard > PATIENCE_NANOS) {
        throw new IOException("Kafka topic " + topic + ": the brokers have stopped answering");
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> one) {
    if (one.key() == null) {
      foreign.pass(one, "it has no key");
      return;
    }
    String key = new String(one.key(), UTF_8);
    if (one.value() == null) {
      known.remove(key);
      return;
    }
    try {
      known.put(key, new Received<>(one.value(), reader.read(one.value())));
    } catch (IOException e) {
      foreign.pass(one, e.getMessage());
    }
  }
}
