package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.ScanSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A restart is only a long time between two looks: what came and went in between is told, and
/// nothing else is.
@ExtendWith(Live.class)
class ResumeIT {
  private static final ScanSettings BY_ID = ScanSettings.DEFAULT;
  private static final ScanSettings BY_INODE = BY_ID.withKernelIds(false);

  @Test
  void whatStaysIsNotToldAgain() {
    try (NsHelper helper = NsHelper.start()) {
      int child = helper.clone("uts,net,pid,user");
      Ns uts = helper.id(child, "uts");
      Ns net = helper.id(child, "net");
      Snapshot earlier = lookOnce(BY_ID);
      try (Watch watch = Watch.resume(BY_ID, earlier, 0)) {
        assertEquals(List.of(), watch.story(List.of(uts, net), child));
        assertTrue(watch.knows(uts));
        assertEquals(Source.POLL, watch.events().getLast().sighting().source());
        assertTrue(watch.events().getLast() instanceof Synced);
        watch.look();
        assertEquals(List.of(), watch.story(List.of(uts, net), child));
        helper.kill(child);
        watch.untilEnded(uts);
        assertEquals(1, watch.told(Destroyed.class, uts).size());
      }
    }
  }

  @Test
  void whatCameAndWentInBetweenIsToldWithTheLastLookBefore() {
    try (NsHelper helper = NsHelper.start()) {
      int ends = helper.clone("uts");
      Ns old = helper.id(ends, "uts");
      Snapshot earlier = lookOnce(BY_ID);
      helper.kill(ends);
      int begins = helper.clone("ipc");
      Ns young = helper.id(begins, "ipc");
      try (Watch watch = Watch.resume(BY_ID, earlier, 0)) {
        assertEquals(
            List.of(
                "left " + ends + " " + old.key(),
                "created " + young.key() + " " + begins,
                "joined " + begins + " " + young.key(),
                "destroyed " + old.key() + " kernel-id-gone " + ends),
            watch.story(List.of(old, young), ends, begins).stream().sorted(ORDER).toList());
        Created created = watch.told(Created.class, young).getFirst();
        assertEquals(Optional.of(earlier.time()), created.sighting().notBefore());
        watch.foldsToAFreshLook(BY_ID);
      }
    }
  }

  /// The end of what had its inode is told before the beginning of what has it now.
  private static final Comparator<String> ORDER =
      Comparator.comparingInt(
          line ->
              List.of("left", "created", "joined", "destroyed").indexOf(line.split(" ", -1)[0]));

  @Test
  void aProcessWithThePidOfAnotherIsAnother() {
    try (NsHelper helper = NsHelper.start()) {
      int first = helper.clone("uts");
      Ns old = helper.id(first, "uts");
      Snapshot earlier = lookOnce(BY_ID);
      helper.kill(first);
      // What tells them apart afterwards is when they began, which the kernel says in ticks of 10
      // ms.
      long killed = System.nanoTime();
      await().until(() -> System.nanoTime() - killed > 20_000_000);
      int second = helper.clone("uts", 1, first);
      Ns young = helper.id(second, "uts");
      assertEquals(first, second);
      try (Watch watch = Watch.resume(BY_ID, earlier, 0)) {
        assertEquals(
            List.of("left " + first + " " + old.key(), "joined " + first + " " + young.key()),
            watch.story(List.of(), first));
      }
    }
  }

  @Test
  void aProcessThatHasGoneHomeHasMoved() {
    try (NsHelper helper = NsHelper.start()) {
      helper.unshare("uts");
      Ns away = helper.id(helper.pid(), "uts");
      Snapshot earlier = lookOnce(BY_ID);
      helper.ask("setns", ProcessHandle.current().pid(), "uts");
      Ns home = helper.id(helper.pid(), "uts");
      try (Watch watch = Watch.resume(BY_ID, earlier, 0)) {
        assertEquals(
            List.of("joined " + helper.pid() + " " + home.key() + "<" + away.key()),
            watch.story(List.of(), helper.pid()));
      }
    }
  }

  @Test
  void withoutIdsTheGenerationsGoOn() {
    try (NsHelper helper = NsHelper.start()) {
      int child = helper.clone("uts");
      Ns uts = helper.id(child, "uts");
      Snapshot earlier = lookOnce(BY_INODE);
      try (Watch watch = Watch.resume(BY_INODE, earlier, 7)) {
        assertEquals(List.of(), watch.story(List.of(uts), child));
        int next = helper.clone("ipc");
        Ns ipc = helper.id(next, "ipc");
        watch.untilIn(next, ipc);
        assertEquals("ipc:" + ipc.inode() + ".8", watch.find(ipc).orElseThrow().key());
      }
    }
  }

  /// What was gone before it could be asked for its id is not taken for the one that has its inode
  /// now; what a process is still in, is.
  @Test
  void whatHadNoIdIsTheSameOnlyIfItsMemberIs() {
    Inode.untilItComesAgain(ResumeIT::isTheSameOnlyIfItsMemberIs);
  }

  private static boolean isTheSameOnlyIfItsMemberIs() {
    try (NsHelper helper = NsHelper.start()) {
      int child = helper.clone("uts");
      Ns uts = helper.id(child, "uts");
      Snapshot earlier = lookOnce(BY_INODE);
      String key = "uts:" + uts.inode() + ".1";
      assertTrue(earlier.namespaces().stream().anyMatch(one -> one.key().equals(key)));
      try (Watch watch = Watch.resume(BY_ID, earlier, 1)) {
        assertEquals(key, watch.find(uts).orElseThrow().key());
        assertEquals(uts.id(), watch.find(uts).orElseThrow().id());
      }
      helper.kill(child);
      Optional<Ns> next = withTheInodeOf(uts, helper);
      if (next.isEmpty()) {
        return false;
      }
      Ns young = next.get();
      try (Watch watch = Watch.resume(BY_ID, earlier, 1)) {
        assertEquals(young.key(), watch.find(young).orElseThrow().key());
        assertTrue(
            watch.events().stream()
                .anyMatch(
                    event ->
                        event instanceof Destroyed destroyed
                            && destroyed.namespace().key().equals(key)
                            && destroyed.evidence() == Evidence.INODE_REUSED));
      }
      return true;
    }
  }

  /// The kernel gives away the lowest inode that is free.
  ///
  /// @return empty if another process has got it
  private static Optional<Ns> withTheInodeOf(Ns old, NsHelper helper) {
    for (int tries = 0; tries < 100; tries++) {
      Ns young = helper.id(helper.clone("uts"), "uts");
      if (young.inode() == old.inode()) {
        return Optional.of(young);
      }
    }
    return Optional.empty();
  }

  private static Snapshot lookOnce(ScanSettings settings) {
    try (Watch watch = Watch.begin(settings)) {
      return watch.snapshot();
    }
  }
}
