package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.netlink.ProcConnector;
import dev.nsmon.netlink.ProcConnectorCheck;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.Push;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The proc connector on the real kernel.
@ExtendWith(Live.class)
class ProcConnectorIT {
  private static final int NOBODY = 4_000_000;

  private final Pushes pushes = new Pushes();

  @BeforeAll
  static void itCanBeHad() {
    String problem = ProcConnectorCheck.problem(new Libc(), HostClock.SYSTEM::nanoTime);
    assumeTrue(problem.isEmpty(), () -> "the proc connector can't be had: " + problem);
  }

  private ProcConnector started() throws IOException {
    ProcConnector source = new ProcConnector(StartConnector.ownInodes(), HostClock.SYSTEM);
    source.start(pushes);
    return source;
  }

  @Test
  void forkExecAndExitOfAProcessComeInOrder() throws Exception {
    try (ProcConnector source = started()) {
      assertEquals(0, source.foreign());
      long before = System.nanoTime();
      int pid = (int) Ran.of("true").well().pid();
      List<KernelRecord> records = pushes.untilExitOf(pid);
      Forked forked = (Forked) records.getFirst();
      assertEquals(
          new Forked(
              forked.nanos(), pid, pid, (int) ProcessHandle.current().pid(), "", Inodes.NONE),
          forked);
      assertEquals(new Exited(records.getLast().nanos(), pid, pid), records.getLast());
      for (KernelRecord between : records.subList(1, records.size() - 1)) {
        assertEquals(new Executed(between.nanos(), pid, pid, ""), between);
      }
      assertTrue(records.size() > 2, "it was told to run another program");
      assertTrue(forked.nanos() > before && records.getLast().nanos() < System.nanoTime());
      assertEquals(List.of(), pushes.all(Push.Lost.class));
    }
  }

  @Test
  void allForksOfAStormAreToldInTheOrderOfTheirTimes() throws IOException {
    try (NsHelper one = NsHelper.start();
        NsHelper other = NsHelper.start();
        ProcConnector _ = started()) {
      one.send("forks", 5000);
      other.send("forks", 5000);
      one.answer();
      other.answer();
      pushes.untilNow();
      for (NsHelper helper : List.of(one, other)) {
        List<Integer> children =
            pushes
                .records()
                .filter(record -> record instanceof Forked fork && fork.parent() == helper.pid())
                .map(KernelRecord::pid)
                .toList();
        assertEquals(5000, children.size());
        Set<Integer> exited =
            pushes
                .records()
                .filter(Exited.class::isInstance)
                .map(KernelRecord::pid)
                .collect(Collectors.toSet());
        assertTrue(exited.containsAll(children));
      }
      assertOrdered();
      assertEquals(List.of(), pushes.all(Push.Lost.class));
    }
  }

  private void assertOrdered() {
    long last = Long.MIN_VALUE;
    long until = Long.MIN_VALUE;
    for (Push.Batch batch : pushes.all(Push.Batch.class)) {
      for (KernelRecord record : batch.records()) {
        assertTrue(record.nanos() >= last, "order of times");
        assertTrue(record.nanos() >= until, "older than what was said to be complete");
        last = record.nanos();
      }
      assertTrue(batch.untilNanos() >= until);
      until = batch.untilNanos();
    }
  }

  /// About four a second: twenty take a third of the time that is waited for them.
  @Test
  void aBatchComesEvenIfNothingHappens() throws IOException {
    try (ProcConnector _ = started()) {
      pushes.until("batches", () -> pushes.all(Push.Batch.class).size() >= 20);
    }
  }

  @Test
  void allIsToldOfTheFollowedAndTheirChildrenAndNoThreadsOfOthers() throws IOException {
    try (NsHelper followed = NsHelper.start();
        NsHelper other = NsHelper.start();
        ProcConnector source = started()) {
      source.follow(new int[] {followed.pid()});
      pushes.untilNow();
      int child = followed.clone("-");
      int thread = followed.ask("thread-unshare", "uts").getFirst().intValue();
      int foreignThread = other.ask("thread-unshare", "uts").getFirst().intValue();
      int foreignChild = other.clone("-");
      followed.ask("thread-end", thread);
      followed.kill(child);
      other.ask("thread-end", foreignThread);
      other.kill(foreignChild);
      pushes.untilNow();
      assertEquals(
          List.of("forked " + thread + " by " + followed.pid(), "exited " + thread),
          told(followed.pid()));
      assertEquals(
          List.of("forked " + child + " by " + followed.pid(), "exited " + child), told(child));
      assertEquals(List.of(), told(other.pid()));
      assertTrue(
          Stream.of(
                  List.of(
                      "forked " + foreignChild + " by " + other.pid(), "exited " + foreignChild),
                  List.of())
              .anyMatch(told(foreignChild)::equals),
          "both or, if it lived within one drain, neither");
      followed.ask("forks", 300);
      pushes.untilNow();
      assertEquals(
          301,
          pushes
              .records()
              .filter(record -> record instanceof Forked f && f.parent() == followed.pid())
              .filter(record -> record.pid() != followed.pid())
              .count(),
          "children of the followed, however short they live");
    }
  }

  private List<String> told(int pid) {
    return pushes.of(pid).stream()
        .map(
            record ->
                switch (record) {
                  case Forked forked -> "forked " + forked.tid() + " by " + forked.parent();
                  case Exited exited -> "exited " + exited.tid();
                  default -> record.toString();
                })
        .toList();
  }

  @Test
  void whatOthersSendIsDroppedAndCounted() throws IOException {
    List<Integer> before = NetlinkSockets.listeners();
    try (NsHelper helper = NsHelper.start();
        ProcConnector source = started()) {
      List<Integer> ports = new ArrayList<>(NetlinkSockets.listeners());
      ports.removeAll(before);
      assumeTrue(ports.size() == 1, "somebody else has begun to listen just now");
      helper.ask("spoof", ports.getFirst(), 0, NOBODY);
      pushes.until("one that was sent to the port", () -> source.foreign() == 1);
      helper.ask("spoof", 0, 1, NOBODY);
      pushes.until("one that was sent to the group", () -> source.foreign() == 2);
      pushes.untilNow();
      assertEquals(List.of(), pushes.of(NOBODY));
      assertEquals(List.of(), pushes.all(Push.Lost.class));
    }
  }

  /// The kernel makes events while it believes that somebody wants them, and gives them to all that
  /// are bound to the group. If somebody else has left without a word, it believes so for ever;
  /// then it answers our IGNORE as well.
  @Test
  void closedItLeavesNoSubscription() throws IOException {
    assumeTrue(NetlinkSockets.listeners().isEmpty(), "somebody else listens, too");
    try (NsHelper helper = NsHelper.start();
        Eavesdropper bound = new Eavesdropper()) {
      helper.ask("forks", 1);
      boolean forsaken = bound.hears() > 0;
      ProcConnector source = started();
      helper.ask("forks", 1);
      source.close();
      source.close();
      assertTrue(bound.hears() > 0);
      int handedOver = pushes.all().size();
      helper.ask("forks", 1);
      if (forsaken) {
        assertEquals(2, bound.answers(), "to LISTEN and to IGNORE");
      } else {
        assertEquals(0, bound.hears(), "events that the kernel has made for nobody");
      }
      assertEquals(handedOver, pushes.all().size());
    }
  }
}
