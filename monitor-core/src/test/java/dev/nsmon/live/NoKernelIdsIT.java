package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.ScanSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where the kernel gives no ids, a namespace is its inode and how often that began anew, and it
/// has ended when a complete look finds nothing that holds it.
@ExtendWith(Live.class)
class NoKernelIdsIT {
  private static final ScanSettings NO_IDS = ScanSettings.DEFAULT.withKernelIds(false);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aNamespaceBeginsWithAGenerationAndEndsWithoutAHolder(NamespaceType type) {
    Inode.untilItComesAgain(() -> isTheFirstGenerationIfNobodyHadTheInode(type));
  }

  private static boolean isTheFirstGenerationIfNobodyHadTheInode(NamespaceType type) {
    String link = type.kernelName();
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(NO_IDS)) {
      int child = cloneAbove(helper, link);
      Ns made = helper.id(child, link);
      watch.untilKnown(made);
      String key = Namespace.keyOfInode(type, made.inode(), 1);
      boolean first = watch.find(made).orElseThrow().key().equals(key);
      helper.kill(child);
      watch.untilEnded(made);
      Created created = watch.told(Created.class, made).getFirst();
      Destroyed destroyed = watch.told(Destroyed.class, made).getFirst();
      if (!first
          || created.process().filter(task -> task.pid() == child).isEmpty()
          || destroyed.evidence() == Evidence.INODE_REUSED) {
        return false;
      }
      assertEquals(
          List.of(
              "created " + key + " " + child,
              "joined " + child + " " + key,
              "left " + child + " " + key,
              "destroyed " + key + " no-holder " + child),
          watch.story(List.of(made), child));
      assertEquals(-1, watch.told(Created.class, made).getFirst().namespace().id());
      watch.foldsToAFreshLook(NO_IDS);
      return true;
    }
  }

  @Test
  void anInodeThatBeginsAnewIsTheNextGeneration() {
    Inode.untilItComesAgain(NoKernelIdsIT::isTheNextGenerationIfItComesAgain);
  }

  private static boolean isTheNextGenerationIfItComesAgain() {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(NO_IDS)) {
      int first = helper.clone("uts");
      Ns before = helper.id(first, "uts");
      watch.untilKnown(before);
      helper.kill(first);
      watch.untilEnded(before);
      int second = helper.clone("uts");
      Ns after = helper.id(second, "uts");
      if (before.inode() != after.inode()) {
        return false;
      }
      watch.untilKnown(after);
      assertEquals(
          Namespace.keyOfInode(NamespaceType.UTS, after.inode(), 2),
          watch.find(after).orElseThrow().key());
      return true;
    }
  }

  @Test
  void aMountHolds() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(NO_IDS)) {
      keeper.unshare("mnt");
      keeper.ask("private-mounts");
      int founder = cloneAbove(helper, "net");
      Ns made = helper.id(founder, "net");
      Ns mounts = helper.id(keeper.pid(), "mnt");
      watch.untilKnown(made);
      Path path = directory.resolve("net");
      keeper.ask("bind", founder, "net", path);
      helper.kill(founder);
      String in = watch.find(mounts).orElseThrow().key();
      staysHeld(watch, made, new Holder.Mount(path.toString(), in));
      keeper.ask("unbind", path);
      watch.untilEnded(made);
    }
  }

  @Test
  void anOpenDescriptorHolds() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(NO_IDS)) {
      int founder = cloneAbove(helper, "ipc");
      Ns made = helper.id(founder, "ipc");
      watch.untilKnown(made);
      int fd = keeper.ask("open-ns", founder, "ipc").getFirst().intValue();
      helper.kill(founder);
      staysHeld(watch, made, new Holder.Descriptor(keeper.pid(), fd));
      keeper.ask("close", fd);
      watch.untilEnded(made);
    }
  }

  @Test
  void anOwnerIsHeldByWhatItOwns() {
    try (NsHelper keeper = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(NO_IDS)) {
      int founder = cloneAbove(helper, "user,uts");
      Ns owner = keeper.id(founder, "user");
      Ns owned = keeper.id(founder, "uts");
      watch.untilKnown(owned);
      long fd = keeper.ask("open-ns", founder, "uts").getFirst();
      helper.kill(founder);
      String child = watch.find(owned).orElseThrow().key();
      staysHeld(watch, owner, new Holder.Child(child));
      keeper.ask("close", fd);
      watch.untilEnded(owned);
      watch.untilEnded(owner);
    }
  }

  /// A child in new namespaces whose inodes others on the host are not the next to get: the kernel
  /// hands out the lowest first, and without ids it would be the same namespace.
  private static int cloneAbove(NsHelper helper, String types) {
    List<Integer> below = IntStream.range(0, 32).mapToObj(_ -> helper.clone("uts")).toList();
    int child = helper.clone(types);
    below.forEach(helper::kill);
    return child;
  }

  /// Through as many looks as it takes to search completely more than once.
  private static void staysHeld(Watch watch, Ns ns, Holder holder) {
    watch.until(
        ns.key() + " is held by " + holder,
        () -> watch.knows(ns) && watch.holdersOf(ns).contains(holder));
    for (int i = 0; i < 50; i++) {
      watch.look();
    }
    assertTrue(watch.knows(ns));
    assertEquals(List.of(), watch.told(Destroyed.class, ns));
  }
}
