package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The state topic of a real broker is read to its end.
final class FleetStateIT {
  private static final String TOPIC = "state";

  private static Broker broker;

  private final List<String> remarks = new ArrayList<>();

  @BeforeAll
  static void start() {
    broker = Broker.shared();
  }

  @BeforeEach
  void make() {
    broker.createTopic(TOPIC, 3, Map.of("cleanup.policy", "compact"));
  }

  @AfterEach
  void delete() {
    broker.deleteTopic(TOPIC);
  }

  private List<String> read() throws Exception {
    return FleetState.read(Tail.properties(broker.address()), TOPIC, remarks::add, HostClock.SYSTEM)
        .stream()
        .map(one -> new String(one.json(), UTF_8))
        .sorted()
        .toList();
  }

  @Test
  void topicThatIsEmptyHasNothing() throws Exception {
    assertEquals(List.of(), read());
  }

  @Test
  void theLastRecordOfEachKeyCountsUnlessItSaysThatItIsGone() throws Exception {
    String net = Records.state("a", "net", 8, 2);
    String pid = Records.state("b", "pid", 9, 1);
    try (Records records = new Records(broker, TOPIC, Map.of())) {
      records.put("id-a/net/8", Records.state("a", "net", 8, 1)).put("id-b/pid/9", pid);
      records.put("id-a/uts/7", Records.state("a", "uts", 7, 1)).put("id-a/uts/7", null);
      records.put("id-a/net/8", net).put("id-c/net/1", null);
    }
    assertEquals(List.of(net, pid), read());
    assertEquals(List.of(), remarks);
  }

  @Test
  void whatIsNoStateIsPassedOverAndSaidOnce() throws Exception {
    String net = Records.state("a", "net", 8, 2);
    try (Records records = new Records(broker, TOPIC, Map.of())) {
      records.put("id-a/net/7", "?").put("id-a/net/8", net).put("id-a/net/9", "{}");
    }
    assertEquals(List.of(net), read());
    assertEquals(1, remarks.size(), remarks::toString);
  }

  @Test
  void endOfATransactionIsNoRecordToWaitFor() throws Exception {
    String net = Records.state("a", "net", 8, 2);
    try (Records records = new Records(broker, TOPIC, Map.of("transactional.id", "t"))) {
      records.producer().initTransactions();
      records.producer().beginTransaction();
      records.put("id-a/net/8", net);
      records.producer().commitTransaction();
      records.producer().beginTransaction();
      records.put("id-a/net/8", null);
      records.producer().abortTransaction();
    }
    assertEquals(List.of(net), read());
  }

  @Test
  @Tag("full")
  void whatCannotBeReadIsSaidInOneLine() {
    KafkaProperties there = Tail.properties(broker.address());
    IOException missing =
        assertThrows(
            IOException.class,
            () -> FleetState.read(there, "none", remarks::add, HostClock.SYSTEM));
    assertTrue(missing.getMessage().contains("there is no topic none"), missing.getMessage());
    KafkaProperties nowhere = Tail.properties("127.0.0.1:1");
    IOException away =
        assertThrows(
            IOException.class,
            () -> FleetState.read(nowhere, TOPIC, remarks::add, HostClock.SYSTEM));
    assertTrue(away.getMessage().contains("127.0.0.1:1 can't be reached"), away.getMessage());
    assertEquals(Optional.empty(), remarks.stream().findFirst());
  }
}
