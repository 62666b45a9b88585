package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.Producer;

/// How far monitors have come that publish exactly once: a compacted topic with their transactional
/// ids as keys, `{"stream":"...","next":42}` as values.
final class Cursors {
  private static final JsonFactory JSON = new JsonFactory();

  private final String topic;
  private final String id;
  private final OwnPartition partition;

  /// @param id the transactional id
  Cursors(KafkaProperties properties, String topic, String id, HostClock clock) {
    this.topic = topic;
    this.id = id;
    this.partition = new OwnPartition(properties, topic, id, clock);
  }

  String topic() {
    return topic;
  }

  String id() {
    return id;
  }

  int partition(Producer<byte[], byte[]> producer) {
    return partition.among(producer.partitionsFor(topic).size());
  }

  /// The number to go on with in this stream; empty if it was never in it.
  OptionalLong read(String stream) {
    Optional<byte[]> value = partition.last(id.getBytes(UTF_8));
    return value.isEmpty() ? OptionalLong.empty() : next(value.get(), stream);
  }

  static byte[] value(String stream, long next) {
    // A stream is named by a UUID: nothing in it needs an escape.
    return "{\"stream\":\"%s\",\"next\":%d}".formatted(stream, next).getBytes(UTF_8);
  }

  /// What a value says of this stream; what is no such value says nothing.
  static OptionalLong next(byte[] value, String stream) {
    String itsStream = "";
    long next = 0;
    try (JsonParser json = JSON.createParser(value)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "stream" -> itsStream = json.getValueAsString("");
          case "next" -> next = json.getValueAsLong();
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return next > 0 && itsStream.equals(stream) ? OptionalLong.of(next) : OptionalLong.empty();
  }
}
