package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Control groups that are read again: a runtime makes a container's namespaces first and moves the
/// process into its group after.
class CgroupTest extends Scenario {
  private static final String CONTAINER =
      "/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope";

  private boolean isWaiting() {
    return subject.regroupDueNanos() != Long.MAX_VALUE;
  }

  /// Waits until the next is due, and what that has found.
  private List<Integer> regroup() {
    advanceTo(subject.regroupDueNanos());
    return subject.regroup().stream().map(Task::pid).toList();
  }

  private String cgroup(int pid) {
    return subject.present().tasks().stream()
        .filter(task -> task.pid() == pid)
        .map(task -> task.info().cgroup())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void groupIsReadAgainAfterATenthOfASecondAndAfterOne() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    long began = clock.nanoTime();
    host.proc(42).cgroup = CONTAINER;
    assertEquals(List.of(42), regroup());
    assertEquals(Duration.ofMillis(100).toNanos(), clock.nanoTime() - began);
    assertEquals(CONTAINER, cgroup(42));
    host.proc(42).cgroup = "/other";
    assertEquals(List.of(42), regroup());
    assertEquals(Duration.ofSeconds(1).toNanos(), clock.nanoTime() - began);
    assertEquals("/other", cgroup(42));
    assertTrue(!isWaiting());
    tells("created net1 by 42", "joined 42 net1 by fork");
  }

  @Test
  void scanWaitsForThoseThatItSeesFirst() throws IOException {
    begin();
    host.fork(1, 42, NET);
    scan();
    host.proc(42).cgroup = CONTAINER;
    assertEquals(List.of(42), regroup());
  }

  @Test
  void whatWasThereAtFirstHasTheGroupThatItHas() throws IOException {
    host.fork(1, 42, NET);
    begin();
    assertTrue(!isWaiting());
  }

  @Test
  void hostProcessesAreNotWaitedFor() throws IOException {
    begin();
    host.fork(1, 42);
    host.exec(42, "ls");
    deliver();
    scan();
    assertTrue(!isWaiting());
  }

  @Test
  void childIsWaitedForOnlyWhileItsParentIs() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.fork(42, 43);
    deliver();
    host.proc(43).cgroup = CONTAINER;
    regroup();
    assertEquals(List.of(43), regroup());
    while (isWaiting()) {
      regroup();
    }
    host.fork(42, 44);
    deliver();
    assertTrue(!isWaiting());
  }

  @Test
  void whoHasAContainerIsNotWaitedFor() throws IOException {
    begin();
    host.proc(1).cgroup = CONTAINER;
    host.fork(1, 42, NET);
    deliver();
    assertTrue(!isWaiting());
  }

  @Test
  void whoMovesOnMeanwhileIsWaitedForOnceMore() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    regroup();
    host.unshare(42, UTS);
    deliver();
    regroup();
    assertTrue(isWaiting());
    host.proc(42).cgroup = CONTAINER;
    assertEquals(List.of(42), regroup());
  }

  /// It may have come from another container.
  @Test
  void whoHasEnteredFromElsewhereSaysNothingOfWhereItIs() throws IOException {
    host.fork(1, 41, NET);
    host.fork(1, 42);
    begin();
    host.setns(42, "net1");
    deliver();
    host.proc(42).cgroup = CONTAINER;
    assertEquals(List.of(), regroup());
    assertEquals(CONTAINER, cgroup(42));
  }

  @Test
  void whoIsGoneOrWhosePidIsAnothersIsNotRead() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.exit(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42);
    host.proc(42).cgroup = CONTAINER;
    assertEquals(List.of(), regroup());
  }

  @Test
  void groupThatCanNotBeReadStays() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    kernel.fail("open /proc/42/cgroup", 24);
    assertEquals(List.of(), regroup());
    assertEquals("/a.slice", cgroup(42));
  }

  @Test
  void atMost256AreWaitedFor() throws IOException {
    begin();
    for (int pid = 1000; pid < 1300; pid++) {
      host.fork(1, pid, NET);
    }
    deliver();
    for (int pid = 1000; pid < 1300; pid++) {
      host.proc(pid).cgroup = CONTAINER;
    }
    int found = 0;
    while (isWaiting()) {
      found += regroup().size();
    }
    assertEquals(256, found);
  }
}
