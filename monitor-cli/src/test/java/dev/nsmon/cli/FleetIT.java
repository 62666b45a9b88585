package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two monitors, each in a network namespace of its own and with a host id of its own, and a broker
/// that both reach: one reader sees both.
@Tag("full")
class FleetIT {
  /// Of TEST-NET-2 (RFC 5737), on a link between the machine and each of them.
  private static final String NETWORK = "198.51.100.";

  private static final String BROKER_HOST = NETWORK + "1";

  @TempDir private static Path directory;
  private static Broker broker;

  @BeforeAll
  static void network() {
    Needs.root();
    Needs.tool("ip");
    Needs.tool("unshare");
    for (int host = 0; host < 2; host++) {
      int first = 1 + 4 * host;
      Nsmon.shell(
              """
              set -e
              ip netns add nsmon-test-%1$d
              ip link add nsmon-test-%1$d type veth peer name eth0 netns nsmon-test-%1$d
              ip addr add %2$s%3$d/30 dev nsmon-test-%1$d
              ip link set nsmon-test-%1$d up
              ip -n nsmon-test-%1$d addr add %2$s%4$d/30 dev eth0
              ip -n nsmon-test-%1$d link set eth0 up
              ip -n nsmon-test-%1$d link set lo up
              ip -n nsmon-test-%1$d route add default via %2$s%3$d
              """
                  .formatted(host, NETWORK, first, first + 1))
          .endedWith(0);
    }
    broker = Broker.startAt(BROKER_HOST);
    Nsmon.run("kafka", "create-topics", "--kafka", broker.secureAddress()).endedWith(0);
  }

  @AfterAll
  static void tidy() {
    for (int host = 0; host < 2; host++) {
      Nsmon.shell("ip netns del nsmon-test-%d; ip link del nsmon-test-%d".formatted(host, host));
    }
    if (broker != null) {
      broker.close();
    }
  }

  private static Child serve(int host) throws IOException {
    Path id = Files.writeString(directory.resolve("id-" + host), (host + "").repeat(32) + "\n");
    String script =
        "mount --bind %s /etc/machine-id; hostname host-%d; exec %s serve --journal %s --kafka %s"
            .formatted(
                id,
                host,
                Nsmon.program(),
                directory.resolve("journal-" + host),
                broker.secureAddress());
    return Child.start(
        Nsmon.command(
            "ip", "netns", "exec", "nsmon-test-" + host, "unshare", "-u", "bash", "-c", script));
  }

  @Test
  void oneReaderSeesBothHosts() throws IOException {
    String events = "kafka://" + broker.secureAddress() + "/nsmon.events";
    String states = "kafka://" + broker.secureAddress() + "/nsmon.state";
    try (Child watch =
            Nsmon.start("watch", "--from", events, "--since", "10m", "--baseline", "-o", "json");
        Child _ = serve(0);
        Child _ = serve(1);
        Child other = Child.start("unshare", "-n", "sleep", "60")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> told(watch, "host-0", other.pid()) && told(watch, "host-1", other.pid()));
      Map<String, Long> last = new HashMap<>();
      for (JsonNode one : Nsmon.json(watch.out().lines().toList())) {
        long seq = one.get("seq").asLong();
        Long before = last.put(one.at("/host/id").asText(), seq);
        assertEquals(before == null ? 1 : before + 1, seq, one::toString);
      }
      assertEquals(2, last.size());

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                Result list = Nsmon.run("list", "--from", states);
                list.endedWith(0);
                assertTrue(list.out().contains("host-0"), list::toString);
                assertTrue(list.out().contains("host-1"), list::toString);
                Result one = Nsmon.run("list", "--from", states, "--host", "host-1", "-o", "json");
                List<JsonNode> ours = Nsmon.json(Nsmon.run("list", "-o", "json").lines());
                List<JsonNode> theirs = Nsmon.json(one.lines());
                assertEquals(keys(ours, ""), keys(theirs, "/namespace"));
              });
      Result tree = Nsmon.run("tree", "--from", states, "--host", "host-0");
      tree.endedWith(0);
      assertTrue(tree.out().contains("host-0") && !tree.out().contains("host-1"), tree::toString);
    }
  }

  private static boolean told(Child watch, String host, int pid) {
    return watch
        .out()
        .lines()
        .map(Nsmon::json)
        .anyMatch(
            one ->
                one.at("/host/name").asText().equals(host)
                    && one.at("/process/pid").asInt() == pid);
  }

  private static List<String> keys(List<JsonNode> records, String at) {
    return records.stream().map(one -> one.at(at + "/key").asText()).sorted().toList();
  }
}
