package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/// A consumer that has lost its brokers does not say so: it just has no records. How long that is
/// taken for silence, by the clock.
final class SilenceTest {
  private final TestClock clock = new TestClock();
  private final List<String> remarks = new ArrayList<>();

  private static byte[] record(long seq) {
    return Events.json().record(seq, Events.some(1).getFirst());
  }

  /// Follows the topic until its first record.
  private void follow(SilentBroker broker) throws IOException {
    KafkaTail tail =
        new KafkaTail(
            Publishing.properties("127.0.0.1:1"),
            SilentBroker.TOPIC,
            Optional.empty(),
            remarks::add,
            clock);
    try (TopicReader reader = new TopicReader(broker, SilentBroker.TOPIC)) {
      tail.follow(reader, _ -> false);
    }
  }

  @Test
  void tailAsksForThePartitionsAgainAfterFiveSecondsOfSilence() throws IOException {
    List<Integer> requests = new ArrayList<>();
    SilentBroker broker = new SilentBroker(clock, Duration.ofMillis(200), 0);
    for (int poll = 1; poll <= 60; poll++) {
      int now = poll;
      broker.schedulePollTask(
          () -> {
            requests.add(broker.metadataRequests);
            if (now == 60) {
              broker.bring(0, record(1));
            }
          });
    }
    follow(broker);
    assertEquals(60, broker.polls);
    // Five seconds are over after 25 polls, and more than that after 26.
    assertEquals(1, requests.get(25));
    assertEquals(2, requests.get(26));
    assertEquals(2, requests.get(51));
    assertEquals(3, requests.get(52));
    assertEquals(List.of(), remarks);
  }

  @Test
  void tailAsksForNewPartitionsEveryHalfMinuteWhileRecordsCome() throws IOException {
    List<Integer> requests = new ArrayList<>();
    SilentBroker broker = new SilentBroker(clock, Duration.ofMillis(200), 0);
    for (int poll = 0; poll < 200; poll++) {
      int now = poll;
      broker.schedulePollTask(
          () -> {
            requests.add(broker.metadataRequests);
            // What is no record of nsmon has come all the same.
            broker.bring(now, now == 199 ? record(1) : new byte[] {'?'});
          });
    }
    follow(broker);
    assertEquals(1, requests.get(150));
    assertEquals(2, requests.get(151));
    assertEquals(2, requests.getLast());
  }

  @Test
  void fleetGivesUpAfterTenSecondsOfSilence() {
    SilentBroker broker = new SilentBroker(clock, Duration.ofMillis(200), 2);
    broker.schedulePollTask(() -> broker.bring(0, new byte[] {'?'}));
    FleetState state = new FleetState(SilentBroker.TOPIC, remarks::add, clock);
    try (TopicReader reader = new TopicReader(broker, SilentBroker.TOPIC)) {
      IOException failure = assertThrows(IOException.class, () -> state.read(reader));
      assertEquals("Kafka topic topic: the brokers have stopped answering", failure.getMessage());
    }
    // One that brought something, then 10 s, then the one after which it was more.
    assertEquals(1 + 50 + 1, broker.polls);
  }

  @Test
  void fleetThatHasAllWaitsForNothing() throws IOException {
    SilentBroker broker = new SilentBroker(clock, Duration.ofSeconds(9), 2);
    broker.schedulePollTask(() -> {});
    broker.schedulePollTask(() -> broker.bring(0, new byte[] {'?'}));
    broker.schedulePollTask(() -> {});
    broker.schedulePollTask(() -> broker.bring(1, new byte[] {'?'}));
    FleetState state = new FleetState(SilentBroker.TOPIC, remarks::add, clock);
    try (TopicReader reader = new TopicReader(broker, SilentBroker.TOPIC)) {
      state.read(reader);
    }
    assertEquals(4, broker.polls);
  }

  @Test
  void ownPartitionThatCannotBeReadToItsEndIsGivenUpAfterNinetySeconds() {
    SilentBroker broker = new SilentBroker(clock, Duration.ofSeconds(1), 5);
    broker.assign(List.of(SilentBroker.PARTITION));
    List<Long> offsets = new ArrayList<>();
    for (int poll = 1; poll < 80; poll++) {
      broker.schedulePollTask(() -> {});
    }
    broker.schedulePollTask(() -> broker.bring(0, new byte[0]));
    OwnPartition own =
        new OwnPartition(Publishing.properties("127.0.0.1:1"), SilentBroker.TOPIC, "owner", clock);
    KafkaException failure =
        assertThrows(
            KafkaException.class,
            () ->
                own.read(
                    broker, SilentBroker.PARTITION, 0, 5, record -> offsets.add(record.offset())));
    assertTrue(
        failure.getMessage().startsWith("topic-0 can't be read past offset 1: a transaction"),
        failure::getMessage);
    assertEquals(List.of(0L), offsets);
    assertEquals(80 + 90 + 1, broker.polls, "what comes begins the time anew");
  }
}
