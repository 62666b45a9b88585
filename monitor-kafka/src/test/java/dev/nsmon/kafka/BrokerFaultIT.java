package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Brokers that die or stop under load: every record arrives, and none overtakes another.
@Tag("full")
final class BrokerFaultIT {
  private static final int CHUNK = 2_000;

  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(Broker.RESTARTED);
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  @Test
  void killedBrokerGetsEverythingWhenItIsBack() {
    broker.createTopic("killed", 1, Map.of());
    List<NamespaceEvent> chunk = Events.some(CHUNK);
    try (Publishing publishing =
        Publishing.atLeastOnce(broker, "killed", "delivery.timeout.ms=2000", "max.block.ms=500")) {
      for (int round = 1; round <= 2; round++) {
        // So much that the kill meets it on its way.
        for (int i = 0; i < 40; i++) {
          publishing.append(chunk);
        }
        publishing.awaitProgress(publishing.log.nextSeq() - 30L * CHUNK);
        broker.kill();
        publishing.awaitRemark(
            round,
            "Kafka topic killed: %s can't be reached: Connection refused; trying on"
                .formatted(broker.address()));
        broker.restart();
        publishing.drain();
        publishing.awaitRemark(round, "Kafka topic killed: works again, after ");
      }
      assertArrivedInOrder("killed", publishing.log.nextSeq() - 1);
    }
  }

  @Test
  void brokerThatStopsForLongerThanTheDeliveryTimeoutGetsEverythingInOrder() {
    broker.createTopic("frozen", 1, Map.of());
    List<NamespaceEvent> chunk = Events.some(CHUNK);
    try (Publishing publishing =
        Publishing.atLeastOnce(broker, "frozen", "delivery.timeout.ms=1500", "max.block.ms=500")) {
      for (int i = 0; i < 40; i++) {
        publishing.append(chunk);
      }
      publishing.awaitProgress(5L * CHUNK);
      broker.freeze();
      publishing.awaitRemarks(1);
      assertTrue(
          publishing.remarks.getFirst().contains("does not answer"), publishing.remarks.getFirst());
      broker.thaw();
      publishing.drain();
      assertArrivedInOrder("frozen", 40L * CHUNK);
    }
  }

  private static void assertArrivedInOrder(String topic, long last) {
    try (Reader reader = new Reader(broker, topic)) {
      reader.upTo(last);
      assertEquals(Publishing.upTo(last), reader.firsts());
      long before = 0;
      for (long seq : reader.seqs()) {
        assertTrue(seq <= before + 1, "a jump from " + before + " to " + seq);
        before = seq;
      }
    }
  }
}
