package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernel hands inodes and pids out again at once; whoever had one before is another.
@ExtendWith(Live.class)
class ReuseIT {

  @ParameterizedTest
  @ValueSource(strings = {"uts", "ipc", "net"})
  void namespacesWithOneInodeOneAfterTheOtherAreDifferent(String type) {
    Inode.untilItComesAgain(() -> areDifferentIfTheInodeComesAgain(type));
  }

  private static boolean areDifferentIfTheInodeComesAgain(String type) {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin()) {
      int first = helper.clone(type);
      Ns seen = helper.id(first, type);
      watch.untilIn(first, seen);

      helper.kill(first);
      int second = cloneOnto(helper, type, seen.inode());
      if (second == 0) {
        return false;
      }
      Ns unseen = helper.id(second, type);
      helper.kill(second);
      int third = cloneOnto(helper, type, seen.inode());
      if (third == 0) {
        return false;
      }
      Ns next = helper.id(third, type);
      watch.look();
      watch.untilIn(third, next);

      assertEquals(
          List.of(
              "created " + seen.key() + " " + first,
              "joined " + first + " " + seen.key(),
              "left " + first + " " + seen.key(),
              "destroyed " + seen.key() + " kernel-id-gone " + first,
              "created " + next.key() + " " + third,
              "joined " + third + " " + next.key()),
          watch.story(List.of(seen, unseen, next), first, second, third));
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInodeThatComesAgainForAnotherTypeIsAnotherNamespace(boolean kernelIds) {
    Inode.untilItComesAgain(() -> isAnotherIfTheInodeComesAgain(kernelIds));
  }

  private static boolean isAnotherIfTheInodeComesAgain(boolean kernelIds) {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(ScanSettings.DEFAULT.withKernelIds(kernelIds))) {
      int first = helper.clone("uts");
      Ns before = helper.id(first, "uts");
      watch.untilIn(first, before);
      String key = watch.find(before).orElseThrow().key();
      helper.kill(first);
      int second = cloneOnto(helper, "ipc", before.inode());
      if (second == 0) {
        return false;
      }
      Ns after = helper.id(second, "ipc");
      watch.untilIn(second, after);
      watch.untilEnded(before);

      String next = watch.find(after).orElseThrow().key();
      assertEquals(
          List.of(
              "created " + key + " " + first,
              "joined " + first + " " + key,
              "left " + first + " " + key,
              "created " + next + " " + second,
              "joined " + second + " " + next),
          watch.story(List.of(before, after), first, second).stream()
              .filter(line -> !line.startsWith("destroyed"))
              .toList());
      return true;
    }
  }

  @Test
  void aProcessThatMovesOnUntilItsInodeComesAgainHasMoved() {
    Inode.untilItComesAgain(ReuseIT::hasMovedIfTheInodeComesAgain);
  }

  private static boolean hasMovedIfTheInodeComesAgain() {
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      helper.unshare("uts");
      Ns before = probe.id(helper.pid(), "uts");
      watch.untilIn(helper.pid(), before);
      Ns after = before;
      for (int i = 0; i < 64 && (i < 2 || after.inode() != before.inode()); i++) {
        helper.unshare("uts");
        after = probe.id(helper.pid(), "uts");
      }
      if (after.inode() != before.inode()) {
        return false;
      }
      assertNotEquals(before.id(), after.id());
      watch.untilIn(helper.pid(), after);

      String pid = " " + helper.pid();
      assertEquals(
          List.of(
              "created " + before.key() + pid,
              "destroyed " + before.key() + " kernel-id-gone" + pid,
              "created " + after.key() + pid,
              "joined" + pid + " " + after.key() + "<" + before.key()),
          watch.story(List.of(before, after), helper.pid()).stream()
              .filter(line -> !line.endsWith(before.key() + "<" + homeOf(probe).key()))
              .toList());
      return true;
    }
  }

  @Test
  void aPidThatIsHandedOutAgainIsAnotherProcess() {
    try (NsHelper helper = NsHelper.start();
        NsHelper home = NsHelper.start();
        Watch watch = Watch.begin()) {
      home.unshare("uts");
      Ns uts = helper.id(home.pid(), "uts");
      int pid = home.clone("-");
      watch.untilIn(pid, uts);
      home.kill(pid);
      nextTick();
      assertEquals(pid, home.clone("-", 1, pid));
      watch.look();

      String joined = "joined " + pid + " " + uts.key();
      assertEquals(
          List.of(joined, "left " + pid + " " + uts.key(), joined), watch.story(List.of(), pid));
    }
  }

  @Test
  void aPidOfOneAtHomeHandedOutAgainHasNotMoved() {
    try (NsHelper helper = NsHelper.start()) {
      int pid = helper.clone("-");
      try (Watch watch = Watch.begin()) {
        helper.kill(pid);
        nextTick();
        assertEquals(pid, helper.clone("uts", 1, pid));
        Ns made = helper.id(pid, "uts");
        watch.look();
        assertEquals(
            List.of("created " + made.key() + " " + pid, "joined " + pid + " " + made.key()),
            watch.story(List.of(made), pid));
      }
    }
  }

  @Test
  void aPidHandedOutAgainInAnotherNamespaceOfTheSameInodeIsTwoLivesOfBoth() {
    Inode.untilItComesAgain(ReuseIT::isTwoLivesIfTheInodeComesAgain);
  }

  private static boolean isTwoLivesIfTheInodeComesAgain() {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin()) {
      int pid = helper.clone("uts");
      Ns before = helper.id(pid, "uts");
      watch.untilIn(pid, before);
      helper.kill(pid);
      nextTick();
      assertEquals(pid, helper.clone("uts", 1, pid));
      Ns after = helper.id(pid, "uts");
      if (after.inode() != before.inode()) {
        return false;
      }
      watch.look();

      assertEquals(1, watch.told(Destroyed.class, before).size());
      assertEquals(1, watch.told(Created.class, after).size());
      assertEquals(
          List.of(
              "joined " + pid + " " + before.key(),
              "left " + pid + " " + before.key(),
              "joined " + pid + " " + after.key()),
          watch.story(List.of(), pid));
      return true;
    }
  }

  private static Ns homeOf(NsHelper probe) {
    return probe.id(probe.pid(), "uts");
  }

  /// A child in a new namespace with that inode: the lowest that is free is taken next, but a
  /// network namespace gives its own back only after a while, and others make namespaces too.
  ///
  /// @return 0 if another process has got the inode
  private static int cloneOnto(NsHelper helper, String type, long inode) {
    List<Integer> others = new ArrayList<>();
    int[] found = new int[1];
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              int child = helper.clone(type);
              if (helper.id(child, type).inode() == inode) {
                found[0] = child;
              } else {
                others.add(child);
              }
              return found[0] != 0 || others.size() > 100;
            });
    others.forEach(helper::kill);
    return found[0];
  }

  /// Start times count in ticks of 10 ms; two processes in one tick can't be told apart by them.
  private static void nextTick() {
    String before = uptime();
    await().pollInSameThread().until(() -> !uptime().equals(before));
    assertTrue(uptime().compareTo(before) != 0);
  }

  private static String uptime() {
    try {
      return Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
