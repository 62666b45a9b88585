package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What a look shows of what a test has made is what `lsns` shows, and more: what no process is in,
/// with what holds it.
@ExtendWith(Live.class)
class OracleIT {
  private static final ScanSettings SETTINGS = ScanSettings.DEFAULT.withSearchEvery(Duration.ZERO);

  @TempDir Path directory;

  @BeforeAll
  static void lsnsIsThere() {
    Ran.needs("lsns");
  }

  @Test
  void aLookShowsWhatLsnsShowsAndWhatNoProcessIsIn() throws IOException {
    try (NsHelper helper = NsHelper.start();
        NsHelper keeper = NsHelper.start();
        Watch watch = Watch.begin(SETTINGS)) {
      List<Ns> empty = populate(helper, keeper);
      empty.forEach(watch::untilKnown);
      Set<Long> inodes = inhabited(helper, keeper);
      await("both say the same")
          .atMost(Watch.PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .pollInSameThread()
          .untilAsserted(() -> compare(watch, inodes, empty));
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

  private static void compare(Watch watch, Set<Long> inodes, List<Ns> empty) throws Exception {
    Map<Long, Integer> theirs = lsns();
    theirs.keySet().retainAll(inodes);
    watch.look();
    Snapshot snapshot = watch.snapshot();
    Map<Long, Integer> ours = new TreeMap<>();
    for (Namespace namespace : snapshot.namespaces()) {
      long members = snapshot.tasks().stream().filter(task -> shows(task, namespace)).count();
      if (members > 0) {
        ours.put(namespace.inode(), (int) members);
      }
    }
    ours.keySet().retainAll(inodes);
    assertEquals(theirs, ours);
    assertEquals(inodes, ours.keySet());
    for (Ns ns : empty) {
      assertFalse(ours.containsKey(ns.inode()), () -> ns + " has members");
      assertTrue(watch.knows(ns), ns::toString);
      assertFalse(watch.holdersOf(ns).isEmpty(), () -> ns + " has no holder");
    }
  }

  /// The inodes of all namespaces in which the helpers and their children are, and this JVM is not.
  private static Set<Long> inhabited(NsHelper... helpers) throws IOException {
    Set<Long> inodes = new TreeSet<>();
    for (NsHelper helper : helpers) {
      ProcessHandle process = ProcessHandle.of(helper.pid()).orElseThrow();
      for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
        inodes.addAll(inodesOf(one.pid()));
      }
    }
    inodes.removeAll(inodesOf(ProcessHandle.current().pid()));
    return inodes;
  }

  private static Set<Long> inodesOf(long pid) throws IOException {
    Set<Long> inodes = new TreeSet<>();
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      Path path = Path.of("/proc", "" + pid, "ns", NamespaceLink.at(link).fileName());
      inodes.add((Long) Files.getAttribute(path, "unix:ino"));
    }
    return inodes;
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

  /// Number of processes by inode. The command fails, without a word, where a process ends that it
  /// is reading.
  private static Map<Long, Integer> lsns() throws IOException {
    Ran ran =
        await()
            .until(() -> Ran.of("lsns", "--json", "-o", "NS,TYPE,NPROCS"), one -> one.code() == 0);
    JsonNode list = new ObjectMapper().readTree(ran.out()).get("namespaces");
    Map<Long, Integer> counts = new TreeMap<>();
    for (JsonNode one : list) {
      counts.put(one.get("ns").asLong(), one.get("nprocs").asInt());
    }
    return counts;
  }
}
