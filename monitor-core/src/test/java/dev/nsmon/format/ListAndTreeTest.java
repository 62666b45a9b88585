package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The table and the tree show every namespace, whether a process is in it or not.
final class ListAndTreeTest {
  private static final Namespace ROOT = pid("pid:1", 4026531836L, 1, true, "");
  private static final Namespace INNER = pid("pid:20", 4026532177L, 20, false, "pid:1");
  private static final Namespace EMPTY = pid("pid:21", 4026532178L, 21, false, "pid:20");
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          Instant.EPOCH,
          List.of(
              task(10, ROOT, Task.State.LIVE, 10),
              task(30, INNER, Task.State.LIVE, 30, 1),
              task(31, INNER, Task.State.ZOMBIE, 31, 2)),
          List.of(ROOT, INNER, EMPTY),
          Map.of("pid:21", List.of(new Holder.Mount("/run/pid\n", "mnt:4"))),
          List.of(),
          new LookReport(3, 0, 1, 0, 3, 1));

  @Test
  void theTreeNestsNamespacesAndShowsPidsOutsideAndInside() {
    NamespaceTree tree =
        new NamespaceTree(
            new Style(false, true),
            NamespaceType.PID,
            Members.of(SNAPSHOT),
            task -> "c" + task.pid());
    assertEquals(
        """
        pid:[4026531836] pid:1 1 process, initial
        ├─ 10 c10
        └─ pid:[4026532177] pid:20 2 processes
           ├─ 30 (1) c30
           ├─ 31 (2) c31 <defunct>
           └─ pid:[4026532178] pid:21 0 processes, held by mount /run/pid\\n
        """,
        String.join("\n", tree.lines(SNAPSHOT, 0)) + "\n");
  }

  @Test
  void theTableHasLsnsColumnsAndWhatHoldsTheEmptyOnes() {
    ListTable table = new ListTable(Style.PLAIN, 0, _ -> "root", task -> "c" + task.pid());
    assertEquals(
        """
                NS TYPE ID NPROCS PID USER OWNER  HELD-BY COMMAND
        4026531836 pid   1      1  10 root user:2         c10
        4026532177 pid  20      2  30 root user:2         c30
        4026532178 pid  21      0          user:2 mount /run/pid\\n
        """,
        String.join("\n", table.lines(SNAPSHOT, SNAPSHOT.namespaces(), Members.of(SNAPSHOT)))
            + "\n");
  }

  @Test
  void theTreeOfUserNamespacesShowsWhatEachOwns() {
    Namespace root = namespace(NamespaceType.USER, "user:2", 2, true, "", "");
    Namespace inner = namespace(NamespaceType.USER, "user:30", 30, false, "user:2", "user:2");
    Namespace net = namespace(NamespaceType.NET, "net:31", 31, false, "", "user:30");
    Namespace host = namespace(NamespaceType.NET, "net:3", 3, true, "", "user:2");
    // It is not known whose it is, nor has it an id.
    Namespace stray = namespace(NamespaceType.USER, "user:1040.1", -1, false, "user:9", "user:9");
    Snapshot snapshot =
        new Snapshot(
            Instant.EPOCH,
            List.of(task(30, inner, Task.State.LIVE, 30, 1)),
            List.of(root, inner, net, host, stray),
            Map.of(),
            List.of(),
            new LookReport(1, 0, 0, 0, 1, 0));
    NamespaceTree tree =
        new NamespaceTree(
            Style.PLAIN, NamespaceType.USER, Members.of(snapshot), task -> "c" + task.pid());
    assertEquals(
        """
        user:[1002] user:2 initial
        |- net:[1003] net:3 initial
        `- user:[1030] user:30 1 process
           |- 30 c30
           `- net:[1031] net:31 0 processes
        user:[1040] 0 processes
        """,
        String.join("\n", tree.lines(snapshot, 0)) + "\n");
  }

  @Test
  void theTreeDrawsInAsciiWhereUnicodeCanNotBeShown() {
    NamespaceTree tree =
        new NamespaceTree(
            Style.PLAIN, NamespaceType.PID, Members.of(SNAPSHOT), task -> "c" + task.pid());
    assertEquals(
        """
        pid:[4026531836] pid:1 1 process, initial
        |- 10 c10
        `- pid:[4026532177] pid:20 2 processes
           |- 30 (1) c30
           |- 31 (2) c31 <defunct>
           `- pid:[4026532178] pid:21 0 processes, held by mount /run/pid\\n
        """,
        String.join("\n", tree.lines(SNAPSHOT, 0)) + "\n");
  }

  @Test
  void onlyWhatIsWiderThanTheTerminalIsCutOff() {
    NamespaceTree tree =
        new NamespaceTree(
            Style.PLAIN, NamespaceType.PID, Members.of(SNAPSHOT), task -> "c" + task.pid());
    List<String> whole = tree.lines(SNAPSHOT, 0);
    int width = whole.get(1).length();
    assertEquals(whole.get(1), tree.lines(SNAPSHOT, width).get(1));
    assertEquals(whole.get(1).substring(0, width - 1), tree.lines(SNAPSHOT, width - 1).get(1));
    // What has others below it stays whole.
    assertEquals(whole.get(2), tree.lines(SNAPSHOT, 5).get(2));
    NamespaceTree coloured =
        new NamespaceTree(
            new Style(true, false), NamespaceType.PID, Members.of(SNAPSHOT), _ -> "c");
    assertEquals(coloured.lines(SNAPSHOT, 0).getLast(), coloured.lines(SNAPSHOT, 5).getLast());
  }

  private static Namespace namespace(
      NamespaceType type, String key, long id, boolean initial, String parent, String owner) {
    long inode = id < 0 ? 1040 : 1000 + id;
    return new Namespace(type, inode, id, key, initial, parent, owner, -1, Optional.empty());
  }

  @Test
  void theTreeOfAnotherHostHasCountsForProcesses() {
    NamespaceTree tree =
        new NamespaceTree(
            new Style(false, true), NamespaceType.PID, Map.of("pid:1", 70, "pid:20", 1));
    assertEquals(
        """
        pid:[4026531836] pid:1 70 processes, initial
        └─ pid:[4026532177] pid:20 1 process
           └─ pid:[4026532178] pid:21 0 processes, held by mount /run/pid\\n
        """,
        String.join("\n", tree.lines(SNAPSHOT, 0)) + "\n");
  }

  @Test
  void theHeadingOfTheTableStandsOutWhereThereAreColours() {
    ListTable table =
        new ListTable(new Style(true, true), 0, _ -> "root", task -> "c" + task.pid());
    List<String> rows = table.lines(SNAPSHOT, SNAPSHOT.namespaces(), Members.of(SNAPSHOT));
    assertEquals(
        "\u001b[1m        NS TYPE ID NPROCS PID USER OWNER  HELD-BY COMMAND\u001b[0m",
        rows.getFirst());
    assertEquals(0, rows.stream().skip(1).filter(row -> row.contains("\u001b")).count());
    assertEquals("\u001b[1ma\\x1bb\u001b[0m", new Style(true, true).heading("a\u001bb"));
  }

  @Test
  void howManyAreInAnInitialNamespaceIsUnknownWhereNobodyWasTold() {
    Namespace net = namespace(NamespaceType.NET, "net:3", 3, true, "", "user:2");
    ListTable table = new ListTable(Style.PLAIN, 0, _ -> "root", _ -> "");
    assertEquals(
        """
          NS TYPE ID NPROCS PID USER OWNER  HELD-BY COMMAND
        1003 net   3                 user:2
        """,
        String.join("\n", table.lines(SNAPSHOT, List.of(net), Map.of())) + "\n");
  }

  @Test
  void aZombieIsAMemberOfItsPidAndUserNamespaceOnlyAndAThreadOfNone() {
    Namespace net = namespace(NamespaceType.NET, "net:31", 31, false, "", "user:30");
    Namespace user = namespace(NamespaceType.USER, "user:30", 30, false, "user:2", "user:2");
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    links[NamespaceType.NET.ordinal()] = net;
    links[NamespaceType.USER.ordinal()] = user;
    links[NamespaceType.PID.ordinal()] = INNER;
    links[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = EMPTY;
    NamespaceSet set = new NamespaceSet(links);
    Task live = new Task(5, 0, 1, Task.State.LIVE, set, ProcessInfo.UNKNOWN);
    Task thread = new Task(5, 6, 1, Task.State.LIVE, set, ProcessInfo.UNKNOWN);
    Task zombie = new Task(7, 0, 2, Task.State.ZOMBIE, set, ProcessInfo.UNKNOWN);
    Snapshot snapshot =
        new Snapshot(
            Instant.EPOCH,
            List.of(live, thread, zombie),
            List.of(net, user, INNER, EMPTY),
            Map.of(),
            List.of(),
            new LookReport(2, 0, 1, 0, 2, 1));
    assertEquals(
        Map.of(
            net.key(),
            List.of(live),
            user.key(),
            List.of(live, zombie),
            INNER.key(),
            List.of(live, zombie)),
        Members.of(snapshot));
  }

  @Test
  void theTableOfAFleetBeginsWithTheHost() {
    List<NamespaceState> states =
        List.of(
            state(new Host("no\u001bde", "m-1", ""), ROOT, 70, Container.NONE),
            state(new Host("", "m-2", ""), EMPTY, 0, new Container("web", "lxc", "", "", "")));
    assertEquals(
        """
        HOST             NS TYPE ID NPROCS OWNER  CONTAINER HELD-BY
        no\\x1bde 4026531836 pid   1     70 user:2
        m-2      4026532178 pid  21      0 user:2 lxc:web   mount /run/pid\\n
        """,
        String.join("\n", new FleetTable(Style.PLAIN, 0).lines(states)) + "\n");
  }

  private static NamespaceState state(Host host, Namespace of, int processes, Container container) {
    return new NamespaceState(
        host, "s", 1, Instant.EPOCH, of, SNAPSHOT.holdersOf(of), processes, container);
  }

  @Test
  void linesAreCutOffAtTheTerminalsWidth() {
    ListTable table = new ListTable(Style.PLAIN, 40, _ -> "root", _ -> "x".repeat(100));
    NamespaceTree tree =
        new NamespaceTree(
            Style.PLAIN, NamespaceType.PID, Members.of(SNAPSHOT), _ -> "x".repeat(100));
    List<String> rows = table.lines(SNAPSHOT, SNAPSHOT.namespaces(), Members.of(SNAPSHOT));
    assertTrue(rows.stream().allMatch(line -> line.length() <= 40), rows.toString());
    assertEquals(40, tree.lines(SNAPSHOT, 40).get(1).length());
    assertEquals("x".repeat(100), rows(0).get(1).substring(rows(0).get(1).length() - 100));
    assertEquals(rows(0), rows(rows(0).get(1).length()));
  }

  /// Of a table with long command lines.
  private static List<String> rows(int width) {
    return new ListTable(Style.PLAIN, width, _ -> "root", _ -> "x".repeat(100))
        .lines(SNAPSHOT, SNAPSHOT.namespaces(), Members.of(SNAPSHOT));
  }

  private static Namespace pid(String key, long inode, long id, boolean initial, String parent) {
    return new Namespace(
        NamespaceType.PID, inode, id, key, initial, parent, "user:2", -1, Optional.empty());
  }

  private static Task task(int pid, Namespace namespace, Task.State state, Integer... nsPids) {
    ProcessInfo info = new ProcessInfo(1, 1, "comm", "", 0, List.of(nsPids), "");
    return new Task(pid, 0, pid, state, Samples.set(namespace), info);
  }
}
