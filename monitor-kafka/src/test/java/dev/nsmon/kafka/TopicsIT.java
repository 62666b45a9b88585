package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Topics are made as they should be, and those that are not are pointed out.
final class TopicsIT {
  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.shared();
  }

  private static Topics.Plan plan(String prefix) {
    return new Topics.Plan(
        prefix + "events", prefix + "state", prefix + "cursors", 6, OptionalInt.empty());
  }

  @Test
  void allAreMadeAndTheSecondTimeLeftAlone() throws Exception {
    KafkaProperties properties = Publishing.properties(broker.address());
    List<String> lines = new ArrayList<>();
    assertTrue(Topics.create(properties, plan("a."), lines::add));
    assertEquals(
        List.of(
            "made topic a.events: 6 partitions, 1 replicas, {cleanup.policy=delete,"
                + " retention.ms=604800000}",
            "made topic a.state: 6 partitions, 1 replicas, {cleanup.policy=compact}",
            "made topic a.cursors: 6 partitions, 1 replicas, {cleanup.policy=compact,"
                + " min.cleanable.dirty.ratio=0.1, segment.bytes=16777216, segment.ms=3600000}"),
        lines);
    lines.clear();
    assertTrue(Topics.create(properties, plan("a."), lines::add));
    assertEquals("topic a.events is there already", lines.getFirst());
    assertEquals("compact", policy("a.state"));
    assertEquals("compact", policy("a.cursors"));
    assertEquals("delete", policy("a.events"));
  }

  private static String policy(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return broker.administer(
        admin ->
            admin
                .describeConfigs(List.of(resource))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(resource)
                .get("cleanup.policy")
                .value());
  }

  @Test
  void stateTopicThatIsNotCompactedIsPointedOut() throws Exception {
    broker.createTopic("b.state", 1, Map.of("cleanup.policy", "delete"));
    List<String> lines = new ArrayList<>();
    assertFalse(Topics.create(Publishing.properties(broker.address()), plan("b."), lines::add));
    assertEquals(
        "topic b.state is there already, but its cleanup.policy is delete and should be compact",
        lines.get(1));
    assertTrue(lines.get(2).startsWith("made topic b.cursors"));
  }

  @Test
  void moreReplicasThanBrokersIsOneLine() {
    Topics.Plan plan = new Topics.Plan("c.events", "c.state", "c.cursors", 6, OptionalInt.of(3));
    IOException e =
        assertThrows(
            IOException.class,
            () -> Topics.create(Publishing.properties(broker.address()), plan, _ -> {}));
    assertTrue(e.getMessage().startsWith("topic c.events: "), e.getMessage());
    assertTrue(e.getMessage().contains("eplication factor"), e.getMessage());
  }

  @Test
  void brokerThatIsNotThereIsOneLine() {
    KafkaProperties properties =
        Publishing.properties(
            "127.0.0.1:1", "request.timeout.ms=500", "default.api.timeout.ms=1000");
    IOException e =
        assertThrows(IOException.class, () -> Topics.create(properties, plan("d."), _ -> {}));
    assertEquals("Kafka: 127.0.0.1:1 can't be reached: Connection refused", e.getMessage());
  }
}
