package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.format.Host;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// How far monitors have come that publish exactly once: a compacted topic with their transactional
/// ids as keys, `{"stream":"...","next":42}` as values. Used by one thread at a time.
///
/// A host publishes one stream under its id. When another stream follows it there, the value of the
/// one before is kept under `ID/STREAM`, in the same transaction: what is left of that stream is
/// published beside the new one, by a producer that has an id of its own and notes its progress
/// under `ID/STREAM/rest`. No key is written by both.
final class Cursors {
  private static final JsonFactory JSON = new JsonFactory();

  private final String topic;
  private final String id;
  private final String stream;
  private final boolean isEarlier;
  private final OwnPartition partition;

  /// The value of the stream before, until it is kept under another key.
  private Optional<Value> displaced = Optional.empty();

  private record Value(String stream, long next) {}

  /// @param stream that is published
  /// @param isEarlier whether it has ended, and a newer one is published under the id
  Cursors(
      KafkaProperties properties,
      String topic,
      Host host,
      String stream,
      boolean isEarlier,
      HostClock clock) {
    this.topic = topic;
    this.id = "nsmon-" + host.key();
    this.stream = stream;
    this.isEarlier = isEarlier;
    this.partition = new OwnPartition(properties, topic, id, clock);
  }

  /// The id of the producer's transactions.
  String transactionalId() {
    return isEarlier ? id + "-" + stream : id;
  }

  private String kept(String of) {
    return id + "/" + of;
  }

  private String rest() {
    return kept(stream) + "/rest";
  }

  /// The number to go on with; empty if nothing of the stream was ever published.
  OptionalLong read() {
    displaced = Optional.empty();
    // First: once another stream has taken its place, the value is under the other keys.
    Optional<byte[]> last = last(id);
    OptionalLong next = next(last, stream);
    if (isEarlier) {
      return max(next, max(next(last(kept(stream)), stream), next(last(rest()), stream)));
    }
    if (next.isPresent() || last.isEmpty()) {
      return next;
    }
    displaced = read(last.get());
    return next(last(kept(stream)), stream);
  }

  private Optional<byte[]> last(String key) {
    return partition.last(key.getBytes(UTF_8));
  }

  private static OptionalLong max(OptionalLong one, OptionalLong other) {
    return one.orElse(0) >= other.orElse(0) ? one : other;
  }

  /// What is written in a transaction that publishes all below this number.
  List<ProducerRecord<byte[], byte[]>> records(Producer<byte[], byte[]> producer, long next) {
    int number = partition.among(producer.partitionsFor(topic).size());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(record(number, isEarlier ? rest() : id, value(stream, next)));
    displaced.ifPresent(
        one -> records.add(record(number, kept(one.stream()), value(one.stream(), one.next()))));
    return records;
  }

  private ProducerRecord<byte[], byte[]> record(int number, String key, byte[] value) {
    return new ProducerRecord<>(topic, number, key.getBytes(UTF_8), value);
  }

  /// What [#records] gave was committed.
  void committed() {
    displaced = Optional.empty();
  }

  static byte[] value(String stream, long next) {
    // A stream is named by a UUID: nothing in it needs an escape.
    return "{\"stream\":\"%s\",\"next\":%d}".formatted(stream, next).getBytes(UTF_8);
  }

  private static OptionalLong next(Optional<byte[]> value, String stream) {
    return value.isEmpty() ? OptionalLong.empty() : next(value.get(), stream);
  }

  /// What a value says of this stream; what is no such value says nothing.
  static OptionalLong next(byte[] value, String stream) {
    Optional<Value> its = read(value).filter(one -> one.stream().equals(stream));
    return its.isEmpty() ? OptionalLong.empty() : OptionalLong.of(its.get().next());
  }

  private static Optional<Value> read(byte[] value) {
    String stream = "";
    long next = 0;
    try (JsonParser json = JSON.createParser(value)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "stream" -> stream = json.getValueAsString("");
          case "next" -> next = json.getValueAsLong();
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return next > 0 && !stream.isEmpty() ? Optional.of(new Value(stream, next)) : Optional.empty();
  }
}
