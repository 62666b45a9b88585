package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.PushFollower;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Forked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A record is taken in when its process has long gone on: what the process shows in `/proc` then
/// belongs to a user namespace that has the inode of one which lived when the record was written.
@ExtendWith(Live.class)
class BelatedIT {
  /// No process has it: it is above the highest pid that any kernel gives.
  private static final int ANOTHER = (1 << 22) + 1;

  private final Folded folded = new Folded();
  private final List<NamespaceEvent> events = new ArrayList<>();
  private int child;
  private Ns user;
  private Ns ipc;

  @Test
  void ownerHasTheInodeOfWhatTheRecordItselfNames() throws Exception {
    try (NsHelper helper = NsHelper.start();
        ProcScanner scanner = begin()) {
      makeChild(helper);
      apply(scanner, fork(scanner, child, Map.of("cgroup", user.inode(), "ipc", ipc.inode())));
      // In one step, in either order: what has the inode of one that ended meanwhile comes later.
      assertEquals(
          Set.of("cgroup:" + user.inode() + ".1", "ipc:" + ipc.inode() + ".1"),
          Set.copyOf(created()));
    }
  }

  @Test
  void ownerHasTheInodeOfWhatAnotherIsIn() throws Exception {
    try (NsHelper helper = NsHelper.start();
        ProcScanner scanner = begin()) {
      makeChild(helper);
      apply(
          scanner,
          fork(scanner, ANOTHER, Map.of("cgroup", user.inode())),
          fork(scanner, child, Map.of("ipc", ipc.inode())),
          fork(scanner, ANOTHER + 1, Map.of("cgroup", user.inode())));
      assertEquals(
          List.of("cgroup:" + user.inode() + ".1", "ipc:" + ipc.inode() + ".1"), created());
    }
  }

  /// Nobody could have made it there before it began itself.
  @Test
  void ownerHasNotBegunYet() throws Exception {
    try (NsHelper helper = NsHelper.start();
        ProcScanner scanner = begin()) {
      makeChild(helper);
      apply(
          scanner,
          fork(scanner, child, Map.of("ipc", ipc.inode())),
          fork(scanner, ANOTHER, Map.of("cgroup", user.inode())),
          new KernelRecord.Exited(System.nanoTime(), ANOTHER, ANOTHER));
      assertEquals(
          List.of("ipc:" + ipc.inode() + ".1", "cgroup:" + user.inode() + ".1"), created());
    }
  }

  /// Once it is in the place that its record says, what could not be told is learned.
  @Test
  void ownerIsLearnedWhenItsInodeIsItsOwn() throws Exception {
    try (NsHelper helper = NsHelper.start();
        ProcScanner scanner = begin()) {
      makeChild(helper);
      apply(
          scanner,
          fork(scanner, ANOTHER, Map.of("cgroup", user.inode())),
          new KernelRecord.Exited(System.nanoTime(), ANOTHER, ANOTHER),
          fork(scanner, child, Map.of("user", user.inode(), "ipc", ipc.inode())));
      assertEquals(List.of("cgroup:" + user.inode() + ".1", user.key(), ipc.key()), created());
    }
  }

  /// Makes a child that is in a user namespace of its own, and in an IPC namespace of that.
  private void makeChild(NsHelper helper) {
    child = helper.clone("user,ipc");
    user = helper.id(child, "user");
    ipc = helper.id(child, "ipc");
  }

  private ProcScanner begin() throws Exception {
    ProcScanner scanner = new ProcScanner(ScanSettings.DEFAULT, HostClock.SYSTEM);
    new SnapshotDiff(false).baseline(scanner.look()).forEach(folded::apply);
    return scanner;
  }

  private static Forked fork(ProcScanner scanner, int pid, Map<String, Long> elsewhere) {
    Inodes initial = scanner.follower().initialInodes();
    long[] inodes = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      inodes[type.ordinal()] = elsewhere.getOrDefault(type.kernelName(), initial.of(type));
    }
    return new Forked(System.nanoTime(), pid, pid, 1, "sh", new Inodes(inodes));
  }

  private void apply(ProcScanner scanner, KernelRecord... records) {
    PushFollower follower = scanner.follower();
    SnapshotDiff diff = new SnapshotDiff(false);
    for (Step step : follower.apply(List.of(records))) {
      for (NamespaceEvent event : diff.step(step, Source.PERF)) {
        folded.apply(event);
        events.add(event);
      }
    }
  }

  private List<String> created() {
    return events.stream()
        .filter(Created.class::isInstance)
        .map(event -> ((Created) event).namespace().key())
        .toList();
  }
}
