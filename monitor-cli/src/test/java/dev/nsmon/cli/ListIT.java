package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `nsmon list` shows what lsns shows, and what no process is in.
final class ListIT {
  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  private static List<JsonNode> list(String... options) {
    String[] args = new String[options.length + 3];
    System.arraycopy(new String[] {"list", "-o", "json"}, 0, args, 0, 3);
    System.arraycopy(options, 0, args, 3, options.length);
    return Nsmon.json(Nsmon.run(args).endedWith(0).lines());
  }

  /// How many processes are in each namespace, by type and inode.
  private static Map<String, Integer> inhabited() {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (JsonNode one : list()) {
      if (one.get("processCount").asInt() > 0) {
        counts.put(
            one.get("type").asText() + " " + one.get("inode").asLong(),
            one.get("processCount").asInt());
        assertEquals(one.get("processCount").asInt(), one.get("pids").size(), one::toString);
      }
    }
    return counts;
  }

  /// It fails, without a word, where a process ends that it is reading.
  private static Map<String, Integer> lsns() {
    Result result =
        Child.eventually()
            .until(
                () -> Child.start("lsns", "--json", "-o", "NS,TYPE,NPROCS").result(),
                one -> one.code() == 0);
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (JsonNode one : Nsmon.json(result.out()).get("namespaces")) {
      counts.put(
          one.get("type").asText() + " " + one.get("ns").asLong(), one.get("nprocs").asInt());
    }
    return counts;
  }

  @Test
  void namespacesAndProcessCountsAreThoseOfLsns() {
    Needs.tool("lsns");
    try (Child first = Child.start("unshare", "-uipf", "--kill-child", "sleep", "300");
        Child second = Child.start("unshare", "-nU", "sleep", "300").awaitComm("sleep")) {
      Child.eventually()
          .until(() -> ProcessHandle.of(first.pid()).orElseThrow().children().count() == 1);
      Set<String> made =
          Stream.of(
                  first.namespace("uts"),
                  first.namespace("ipc"),
                  first.namespace("pid_for_children"),
                  second.namespace("net"),
                  second.namespace("user"))
              .map(name -> name.replaceFirst(":\\[(.*)]", " $1"))
              .collect(Collectors.toSet());
      assertEquals(of(made, lsns()), of(made, inhabited()));
      assertEquals(made, of(made, inhabited()).keySet());
    }
  }

  private static Map<String, Integer> of(Set<String> names, Map<String, Integer> counts) {
    counts.keySet().retainAll(names);
    return counts;
  }

  @Test
  void theTableHasTheColumnsOfLsnsAndTwoMore() {
    try (Child sleep = Child.start("unshare", "-U", "sleep", "300").awaitComm("sleep")) {
      List<String> lines =
          Nsmon.run("list", "--type", "user", "--pid", "" + sleep.pid()).endedWith(0).lines();
      assertEquals(
          List.of("NS", "TYPE", "ID", "NPROCS", "PID", "USER", "OWNER", "HELD-BY", "COMMAND"),
          List.of(lines.getFirst().strip().split(" +", -1)));
      assertEquals(2, lines.size(), lines::toString);
      String inode = sleep.namespace("user").replaceAll("\\D", "");
      assertTrue(
          lines.get(1).matches(inode + " user +\\d* +1 +" + sleep.pid() + " root .* sleep 300"),
          lines::toString);
    }
  }

  @Test
  void filtersNarrow() {
    try (Child sleep = Child.start("unshare", "-nu", "sleep", "300").awaitComm("sleep")) {
      List<JsonNode> nets = list("--type", "net,uts", "--pid", "" + sleep.pid());
      assertEquals(
          List.of(sleep.namespace("net"), sleep.namespace("uts")),
          nets.stream()
              .map(one -> one.get("type").asText() + ":[" + one.get("inode").asText() + "]")
              .sorted()
              .toList());
    }
  }

  @Test
  void whatOnlyAMountHoldsIsListedWithTheMount() {
    Needs.tool("ip");
    String name = "nsmon-it-" + ProcessHandle.current().pid();
    Result added = Child.start("ip", "netns", "add", name).result();
    assumeTrue(added.code() == 0, "no ip netns here: " + added.err());
    try {
      String text = Nsmon.run("list", "--type", "net").endedWith(0).out();
      String line = text.lines().filter(one -> one.contains(name)).findFirst().orElse("");
      assertTrue(line.matches("\\d+ net +\\d* +0 .* mount /run/netns/" + name), text);

      String path = "/run/netns/" + name;
      assertEquals(
          1,
          list("--type", "net").stream()
              .filter(one -> one.at("/holders/0/path").asText().equals(path))
              .filter(one -> one.get("processCount").asInt() == 0)
              .count());
    } finally {
      Child.start("ip", "netns", "delete", name).result().endedWith(0);
    }
  }
}
