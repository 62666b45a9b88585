package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ScanSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Threads may sit elsewhere than their process, and a process lives as long as its last thread.
@ExtendWith(Live.class)
class ThreadsIT {
  private static final ScanSettings THREADS = ScanSettings.DEFAULT.withThreads(true);

  @Test
  void aThreadThatUnsharesIsToldWithItsTidAndFromWhereItsProcessIs() {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(THREADS)) {
      Ns home = helper.id(helper.pid(), "net");
      int tid = helper.ask("thread-unshare", "net").getFirst().intValue();
      Ns made = helper.id(tid, "net");
      watch.untilKnown(made);
      helper.ask("thread-end", tid);
      watch.untilEnded(made);

      String name = " " + helper.pid() + "/" + tid;
      assertEquals(
          List.of(
              "created " + made.key() + name,
              "joined" + name + " " + made.key() + "<" + home.key(),
              "left" + name + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone" + name),
          watch.story(List.of(made), helper.pid()));
    }
  }

  @Test
  void aThreadThatEntersANamespaceIsToldWhileItsProcessStays() {
    try (NsHelper helper = NsHelper.start();
        NsHelper founder = NsHelper.start();
        Watch watch = Watch.begin(THREADS)) {
      Ns home = helper.id(helper.pid(), "uts");
      founder.unshare("uts");
      Ns made = helper.id(founder.pid(), "uts");
      watch.untilKnown(made);
      int tid = helper.ask("thread-setns", founder.pid(), "uts").getFirst().intValue();
      String joined = "joined " + helper.pid() + "/" + tid + " " + made.key() + "<" + home.key();
      watch.until(
          "the thread has joined",
          () -> watch.story(List.of(), helper.pid()).equals(List.of(joined)));
      assertTrue(watch.task(helper.pid()).orElseThrow().namespaces().isInitial());
    }
  }

  @Test
  void aThreadThatMovesOnUntilItsInodeComesAgainHasMoved() {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(THREADS)) {
      Ns home = helper.id(helper.pid(), "uts");
      int tid = helper.ask("thread-unshare", "uts").getFirst().intValue();
      Ns before = helper.id(tid, "uts");
      watch.untilKnown(before);
      Ns after = before;
      for (int i = 0; i < 64 && (i < 2 || after.inode() != before.inode()); i++) {
        helper.ask("thread-again", tid, 1);
        after = helper.id(tid, "uts");
      }
      assumeTrue(after.inode() == before.inode(), "the inode did not come again");
      Ns made = after;
      watch.until("it has moved", () -> watch.knows(made) && !watch.knows(before));
      String name = " " + helper.pid() + "/" + tid;
      assertEquals(
          List.of(
              "created " + before.key() + name,
              "joined" + name + " " + before.key() + "<" + home.key(),
              "destroyed " + before.key() + " kernel-id-gone" + name,
              "created " + after.key() + name,
              "joined" + name + " " + after.key() + "<" + before.key()),
          watch.story(List.of(before, after), helper.pid()));
    }
  }

  @Test
  void withoutThreadsAThreadIsNoNews() {
    try (NsHelper helper = NsHelper.start();
        NsHelper witness = NsHelper.start();
        Watch watch = Watch.begin()) {
      int tid = helper.ask("thread-unshare", "net").getFirst().intValue();
      Ns unseen = witness.id(tid, "net");
      int child = witness.clone("net");
      watch.untilKnown(witness.id(child, "net"));
      assertEquals(List.of(), watch.story(List.of(unseen), helper.pid()));
    }
  }

  @Test
  void aProcessWhoseMainThreadHasExitedKeepsItsNamespaces() {
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      Ns home = probe.id(helper.pid(), "net");
      helper.unshare("net");
      Ns made = probe.id(helper.pid(), "net");
      watch.untilIn(helper.pid(), made);
      helper.ask("exit-leader");
      for (int i = 0; i < 5; i++) {
        helper.ask("nothing"); // It runs, so that it is read again.
        watch.look();
      }
      assertEquals(Task.State.LIVE, watch.task(helper.pid()).orElseThrow().state());
      helper.end();
      watch.untilEnded(made);

      String pid = " " + helper.pid();
      assertEquals(
          List.of(
              "created " + made.key() + pid,
              "joined" + pid + " " + made.key() + "<" + home.key(),
              "left" + pid + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone" + pid),
          watch.story(List.of(made), helper.pid()));
    }
  }

  @Test
  void aZombieHasNotLeftUntilItIsReaped() {
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin()) {
      int child = helper.clone("uts,user");
      Ns uts = helper.id(child, "uts");
      Ns user = helper.id(child, "user");
      watch.untilIn(child, uts);
      helper.ask("zombie", child);
      // A zombie keeps its user namespace alive, and no other.
      watch.untilEnded(uts);
      assertEquals(Task.State.ZOMBIE, watch.task(child).orElseThrow().state());
      assertTrue(watch.snapshot().report().zombies() > 0);
      assertFalse(watch.events().stream().anyMatch(event -> isLeft(event, child)));
      assertTrue(watch.knows(user));
      helper.ask("reap", child);
      watch.untilEnded(user);

      String both = " " + user.key() + " " + uts.key();
      assertEquals(
          List.of(
              "created " + user.key() + " " + child,
              "created " + uts.key() + " " + child,
              "joined " + child + both,
              "destroyed " + uts.key() + " kernel-id-gone " + child,
              "left " + child + both,
              "destroyed " + user.key() + " kernel-id-gone " + child),
          watch.story(List.of(uts, user), child));
    }
  }

  private static boolean isLeft(Object event, int pid) {
    return event instanceof Left left && left.process().pid() == pid;
  }
}
