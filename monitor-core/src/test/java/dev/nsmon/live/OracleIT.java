package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What a look shows is what `lsns` shows, and more: what no process is in, with what holds it.
@ExtendWith(Live.class)
class OracleIT {
  private static final ScanSettings SETTINGS = ScanSettings.DEFAULT.withSearchEvery(Duration.ZERO);

  @TempDir Path directory;

  @BeforeAll
  static void lsnsIsThere() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/lsns")), "there is no lsns to compare with");
  }

  @Test
  void aLookShowsWhatLsnsShowsAndWhatNoProcessIsIn() {
    try (NsHelper helper = NsHelper.start();
        NsHelper keeper = NsHelper.start();
        Watch watch = Watch.begin(SETTINGS)) {
      List<Ns> empty = populate(helper, keeper);
      empty.forEach(watch::untilKnown);
      await("both say the same")
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(50))
          .pollInSameThread()
          .untilAsserted(() -> compare(watch, empty));
      watch.foldsToAFreshLook(SETTINGS);
    }
  }

  /// A varied set of namespaces; those that no process is in.
  private List<Ns> populate(NsHelper helper, NsHelper keeper) {
    for (NamespaceType type : NamespaceType.values()) {
      helper.clone(type.kernelName());
    }
    helper.clone("pid", 3, 0);
    helper.clone("user,uts,ipc", 1, 0);
    helper.clone("cgroup,ipc,mnt,net,pid,time,user,uts", 1, 0);

    keeper.unshare("mnt");
    keeper.ask("private-mounts");
    int founder = helper.clone("net");
    Ns mounted = helper.id(founder, "net");
    keeper.ask("bind", founder, "net", directory.resolve("net"));
    helper.kill(founder);

    int owner = helper.clone("user,uts");
    Ns opened = helper.id(owner, "uts");
    Ns owning = helper.id(owner, "user");
    keeper.ask("open-ns", owner, "uts");
    helper.kill(owner);

    int parent = helper.clone("pid", 2, 0);
    long child = ProcessHandle.of(parent).orElseThrow().children().findFirst().orElseThrow().pid();
    Ns parentOf = helper.id(parent, "pid");
    Ns inner = helper.id((int) child, "pid");
    keeper.ask("open-ns", child, "pid");
    helper.kill(parent);
    List<Long> socket = keeper.ask("socket-then-leave");
    return List.of(
        mounted,
        opened,
        owning,
        parentOf,
        inner,
        new Ns(NamespaceType.NET, socket.get(1), socket.get(2)));
  }

  private static void compare(Watch watch, List<Ns> empty) throws Exception {
    watch.look();
    Map<Long, Integer> theirs = lsns();
    assertEquals(List.of(), watch.look(), "the host is not at rest");
    Snapshot snapshot = watch.snapshot();
    Map<Long, Integer> ours = new TreeMap<>();
    for (Namespace namespace : snapshot.namespaces()) {
      long members = snapshot.tasks().stream().filter(task -> shows(task, namespace)).count();
      if (members > 0) {
        ours.put(namespace.inode(), (int) members);
      } else {
        // lsns 2.38 shows none of these, but for a mount that it finds in its own mount namespace.
        theirs.remove(namespace.inode(), 0);
        assertFalse(snapshot.holdersOf(namespace).isEmpty(), () -> namespace + " has no holder");
      }
    }
    assertEquals(theirs, ours);
    for (Ns ns : empty) {
      assertFalse(ours.containsKey(ns.inode()), () -> ns + " has members");
      assertTrue(watch.knows(ns), ns::toString);
    }
  }

  /// Whether lsns counts the task as a member: of a zombie it can read two links, as we can, but it
  /// remembers nothing.
  private static boolean shows(Task task, Namespace namespace) {
    NamespaceType type = namespace.type();
    boolean links =
        switch (task.state()) {
          case LIVE -> true;
          case ZOMBIE -> type == NamespaceType.PID || type == NamespaceType.USER;
          case DENIED -> false;
        };
    return links && task.tid() == 0 && task.namespaces().isMember(namespace);
  }

  /// Number of processes by inode, without lsns itself, which is where this process is.
  private static Map<Long, Integer> lsns() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/usr/bin/lsns", "--json", "-o", "NS,TYPE,NPROCS").start();
    JsonNode list;
    try (var output = process.getInputStream()) {
      list = new ObjectMapper().readTree(output).get("namespaces");
    }
    assertEquals(0, process.waitFor());
    process.getErrorStream().close();
    process.getOutputStream().close();
    Map<Long, Integer> counts = new TreeMap<>();
    for (JsonNode one : list) {
      counts.put(one.get("ns").asLong(), one.get("nprocs").asInt());
    }
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      Path path = Path.of("/proc/self/ns", NamespaceLink.at(link).fileName());
      counts.merge((Long) Files.getAttribute(path, "unix:ino"), -1, Integer::sum);
    }
    return counts;
  }
}
