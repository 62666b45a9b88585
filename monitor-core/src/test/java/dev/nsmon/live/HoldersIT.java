package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A namespace that no process is in lives as long as something holds it; what holds it is named,
/// and its end is told once, when the last holder lets go.
@ExtendWith(Live.class)
class HoldersIT {
  @TempDir Path directory;

  @Test
  void aNamedNetworkNamespaceIsHeldByItsMount() throws Exception {
    Ran.needs("ip");
    String name = "nsmon-it-" + ProcessHandle.current().pid();
    Path path = Path.of("/run/netns", name);
    try (NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      Ran.of("ip", "netns", "add", name).well();
      Ns made;
      try {
        List<Long> numbers = probe.ask("id-of", path);
        made = new Ns(NamespaceType.NET, numbers.get(0), numbers.get(1));
        watch.untilKnown(made);
        assertTrue(watch.told(Created.class, made).getFirst().process().isEmpty());
        // The mount is shared, so that another mount namespace of the host may have it too.
        assertTrue(
            watch
                .holdersOf(made)
                .contains(new Holder.Mount(path.toString(), probe.id(probe.pid(), "mnt").key())));
      } finally {
        Ran.of("ip", "netns", "del", name).well();
      }
      endsOnce(watch, made);
      assertEquals(
          List.of("created " + made.key(), "destroyed " + made.key() + " kernel-id-gone"),
          watch.story(List.of(made)));
    }
  }

  @Test
  void aMountInAnotherMountNamespaceHoldsAndIsNamedWithIt() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      keeper.unshare("mnt");
      keeper.ask("private-mounts");
      Ns mounts = probe.id(keeper.pid(), "mnt");
      int founder = probe.clone("uts");
      Ns made = probe.id(founder, "uts");
      watch.untilKnown(made);
      Path path = directory.resolve("uts");
      keeper.ask("bind", founder, "uts", path);
      probe.kill(founder);
      heldBy(watch, made, new Holder.Mount(path.toString(), mounts.key()));
      keeper.ask("unbind", path);
      endsOnce(watch, made);
    }
  }

  @Test
  void aMountEndsWithTheMountNamespaceThatHasIt() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      keeper.unshare("mnt");
      keeper.ask("private-mounts");
      Ns mounts = probe.id(keeper.pid(), "mnt");
      int founder = probe.clone("ipc");
      Ns made = probe.id(founder, "ipc");
      watch.untilKnown(made);
      Path path = directory.resolve("ipc");
      keeper.ask("bind", founder, "ipc", path);
      probe.kill(founder);
      heldBy(watch, made, new Holder.Mount(path.toString(), mounts.key()));
      keeper.end();
      endsOnce(watch, made);
      endsOnce(watch, mounts);
    }
  }

  @Test
  void anOpenDescriptorOfAnotherProcessHolds() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin()) {
      int founder = helper.clone("net");
      Ns made = helper.id(founder, "net");
      watch.untilKnown(made);
      long fd = keeper.ask("open-ns", founder, "net").getFirst();
      helper.kill(founder);
      heldBy(watch, made, new Holder.Descriptor(keeper.pid(), (int) fd));
      keeper.ask("close", fd);
      endsOnce(watch, made);
    }
  }

  @Test
  void aSocketAloneHolds() {
    try (NsHelper keeper = NsHelper.start();
        Watch watch = Watch.begin(always())) {
      List<Long> answer = keeper.ask("socket-then-leave");
      Ns made = new Ns(NamespaceType.NET, answer.get(1), answer.get(2));
      heldBy(watch, made, new Holder.Socket(keeper.pid(), answer.getFirst().intValue()));
      keeper.ask("close", answer.getFirst());
      endsOnce(watch, made);
    }
  }

  @Test
  void aThreadAloneHolds() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin(always())) {
      int founder = probe.clone("net");
      Ns made = probe.id(founder, "net");
      watch.untilKnown(made);
      long tid = keeper.ask("thread-setns", founder, "net").getFirst();
      probe.kill(founder);
      heldBy(watch, made, new Holder.StrayThread(keeper.pid(), (int) tid));
      keeper.ask("thread-end", tid);
      endsOnce(watch, made);
    }
  }

  @Test
  void aUserNamespaceLivesOnInItsChild() throws IOException {
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      helper.unshare("user");
      Ns parent = probe.id(helper.pid(), "user");
      watch.untilKnown(parent);
      for (String map : List.of("uid_map", "gid_map")) {
        Files.writeString(Path.of("/proc", "" + helper.pid(), map), "0 0 1");
      }
      helper.unshare("user");
      Ns child = probe.id(helper.pid(), "user");
      watch.untilIn(helper.pid(), child);
      assertEquals(parent.key(), watch.find(child).orElseThrow().parent());
      heldBy(watch, parent, new Holder.Child(child.key()));
      helper.end();
      endsOnce(watch, parent);
      endsOnce(watch, child);
    }
  }

  @Test
  void aUserNamespaceIsHeldByWhatItOwns() {
    try (NsHelper helper = NsHelper.start();
        NsHelper keeper = NsHelper.start();
        Watch watch = Watch.begin()) {
      int founder = helper.clone("user,uts");
      Ns owner = keeper.id(founder, "user");
      Ns owned = keeper.id(founder, "uts");
      watch.untilKnown(owned);
      long fd = keeper.ask("open-ns", founder, "uts").getFirst();
      helper.kill(founder);
      heldBy(watch, owned, new Holder.Descriptor(keeper.pid(), (int) fd));
      heldBy(watch, owner, new Holder.Child(owned.key()));
      keeper.ask("close", fd);
      endsOnce(watch, owned);
      endsOnce(watch, owner);
    }
  }

  @Test
  void aPidNamespaceWithoutProcessesIsHeldByItsChild() {
    try (NsHelper helper = NsHelper.start();
        NsHelper keeper = NsHelper.start();
        Watch watch = Watch.begin()) {
      int outer = helper.clone("pid", 2, 0);
      int inner =
          (int) ProcessHandle.of(outer).orElseThrow().children().findFirst().orElseThrow().pid();
      Ns parent = keeper.id(outer, "pid");
      Ns child = keeper.id(inner, "pid");
      watch.untilIn(inner, child);
      assertEquals(parent.key(), watch.find(child).orElseThrow().parent());
      assertEquals(List.of(inner, 2, 1), watch.task(inner).orElseThrow().info().nsPids());
      long fd = keeper.ask("open-ns", inner, "pid").getFirst();
      helper.kill(outer);
      heldBy(watch, child, new Holder.Descriptor(keeper.pid(), (int) fd));
      heldBy(watch, parent, new Holder.Child(child.key()));
      keeper.ask("close", fd);
      endsOnce(watch, child);
      endsOnce(watch, parent);
    }
  }

  private static ScanSettings always() {
    return ScanSettings.DEFAULT.withSearchEvery(Duration.ZERO);
  }

  private static void heldBy(Watch watch, Ns ns, Holder holder) {
    watch.untilHeldBy(ns, holder);
    for (int i = 0; i < 3; i++) {
      watch.look();
      assertEquals(List.of(holder), watch.holdersOf(ns));
    }
    assertEquals(List.of(), watch.told(Destroyed.class, ns));
  }

  private static void endsOnce(Watch watch, Ns ns) {
    watch.untilEnded(ns);
    watch.look();
    assertEquals(1, watch.told(Destroyed.class, ns).size());
  }
}
