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
import java.util.Set;
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
  private static final long PID = ProcessHandle.current().pid();

  /// Of this test's own: the network of the first host; that of the second is behind it. Addresses
  /// are from the range for benchmarks (RFC 2544).
  private static final String NETWORK = "198.%d.%d.".formatted(18 + PID / 8192 % 2, PID / 32 % 256);

  private static final int FIRST = (int) (PID % 32) * 8;
  private static final String BROKER_HOST = NETWORK + (FIRST + 1);

  /// Names are of 15 characters at most.
  private static final String NAME = "nsmt" + PID + "-";

  @TempDir private static Path directory;
  private static Broker broker;

  @BeforeAll
  static void network() {
    Needs.root();
    Needs.tool("ip");
    Needs.tool("unshare");
    for (int host = 0; host < 2; host++) {
      int first = FIRST + 1 + 4 * host;
      Nsmon.shell(
              """
              set -e
              ip netns add %1$s
              ip link add %1$s type veth peer name eth0 netns %1$s
              ip addr add %2$s%3$d/30 dev %1$s
              ip link set %1$s up
              ip -n %1$s addr add %2$s%4$d/30 dev eth0
              ip -n %1$s link set eth0 up
              ip -n %1$s link set lo up
              ip -n %1$s route add default via %2$s%3$d
              """
                  .formatted(NAME + host, NETWORK, first, first + 1))
          .endedWith(0);
    }
    broker = Broker.startAt(BROKER_HOST);
    Nsmon.run("kafka", "create-topics", "--kafka", broker.secureAddress()).endedWith(0);
  }

  @AfterAll
  static void tidy() {
    for (int host = 0; host < 2; host++) {
      Nsmon.shell("ip netns del %1$s; ip link del %1$s".formatted(NAME + host));
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
        Nsmon.command("ip", "netns", "exec", NAME + host, "unshare", "-u", "bash", "-c", script));
  }

  @Test
  void oneReaderSeesBothHosts() throws IOException {
    String events = "kafka://" + broker.secureAddress() + "/nsmon.events";
    String states = "kafka://" + broker.secureAddress() + "/nsmon.state";
    try (Child watch =
            Nsmon.start("watch", "--from", events, "--since", "10m", "--baseline", "-o", "json");
        Child first = serve(0);
        Child second = serve(1);
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
                Set<String> made = Set.of(inode(first), inode(second), inode(other));
                assertEquals(3, keys(ours, "", made).size());
                assertEquals(keys(ours, "", made), keys(theirs, "/namespace", made));
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

  private static String inode(Child child) {
    return child.namespace("net").replaceAll("\\D", "");
  }

  private static List<String> keys(List<JsonNode> records, String at, Set<String> inodes) {
    return records.stream()
        .map(one -> one.at(at))
        .filter(one -> inodes.contains(one.get("inode").asText()))
        .map(one -> one.get("key").asText())
        .sorted()
        .toList();
  }
}
