package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.MNT;
import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.Namespace;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which namespace an inode means that a record names, and what a namespace is known by.
class IdentityTest extends Scenario {
  private Namespace present(String name) {
    return subject.present().namespaces().stream()
        .filter(one -> words.byKey(one.key()).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void hasId(String name) {
    assertEquals(host.ns(name).id, present(name).id());
  }

  @Test
  void keyIsTheIdOrTheInodeAndItsGeneration() throws IOException {
    begin();
    host.fork(1, 42, UTS);
    deliver();
    Ns uts = host.ns("uts1");
    assertEquals(
        kind.hasIds() ? "uts:" + uts.id : "uts:" + uts.inode + ".1", present("uts1").key());
    host.exit(42);
    host.reuse("uts1");
    host.fork(1, 43, UTS);
    deliver();
    assertEquals(
        kind.hasIds() ? "uts:" + host.ns("uts2").id : "uts:" + uts.inode + ".2",
        present("uts2").key());
  }

  @Test
  void namespaceHasItsOwnerItsParentAndTheUserThatMadeIt() throws IOException {
    begin();
    host.fork(1, 42, USER, PID);
    host.fork(42, 43, PID, NET);
    deliver();
    Namespace user = present("user1");
    assertEquals(present("user:init").key(), user.owner());
    assertEquals(present("user:init").key(), user.parent());
    assertEquals(1000, user.ownerUid());
    assertEquals(user.key(), present("net1").owner());
    assertEquals("", present("net1").parent());
    assertEquals(present("pid1").key(), present("pid2").parent());
    assertEquals(present("pid:init").key(), present("pid1").parent());
  }

  @Test
  void namespaceThatCanNotBeAskedHasNeither() throws IOException {
    begin();
    host.fork(1, 42, USER, NET);
    host.exit(42);
    deliver();
    assertEquals(-1, present("net1").id());
    assertEquals("", present("net1").owner());
    assertEquals(-1, present("user1").ownerUid());
  }

  /// A namespace that had no member to be asked is asked through a later one; its key stays.
  @Test
  void idIsLearnedFromALaterMember() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.fork(42, 43);
    host.exit(42);
    deliver(1);
    String key = present("net1").key();
    deliver();
    hasId("net1");
    assertEquals(key, present("net1").key());
    host.exit(43);
    deliver();
    rest();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "joined 43 net1 by fork",
        "left 42 net1",
        "left 43 net1",
        "destroyed net1 gone last 43");
  }

  @Test
  void idIsAskedOfAMemberThatTheRestOfTheBatchShows() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.fork(42, 43);
    host.exit(42);
    deliver();
    hasId("net1");
    String id = "net:" + host.ns("net1").id;
    assertEquals(kind.hasIds() ? id : "net:" + host.ns("net1").inode + ".1", present("net1").key());
  }

  @Test
  void idIsLearnedByComparison() throws IOException {
    begin();
    host.fork(1, 42, USER, NET);
    kernel.fail("open /proc/42/ns", Errno.EMFILE);
    deliver();
    kernel.heal("open /proc/42/ns");
    compare();
    hasId("net1");
    hasId("user1");
    host.exit(42);
    rest();
    tells(
        "created net1 by 42",
        "created user1 by 42",
        "joined 42 net1 user1 by fork",
        "left 42 net1 user1",
        "destroyed net1 gone last 42",
        "destroyed user1 gone last 42");
  }

  @Test
  void idIsLearnedByAScan() throws IOException {
    begin();
    host.fork(1, 42, NET);
    kernel.fail("open /proc/42/ns", Errno.EMFILE);
    deliver();
    kernel.heal("open /proc/42/ns");
    scan();
    host.exit(42);
    rest();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "left 42 net1",
        "destroyed net1 gone last 42");
  }

  @Test
  void inodeThatIsUsedAgainWithinABatchEndsWhatHadIt() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.exit(42);
    host.reuse("net1");
    host.fork(1, 43, NET);
    deliver();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "left 42 net1",
        "destroyed net1 inode-reused last 42",
        "created net2 by 43",
        "joined 43 net2 by fork");
    isTrue();
  }

  @Test
  void inodeThatIsUsedAgainEndsWhatHadItBetweenBatches() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.exit(42);
    host.reuse("net1");
    host.fork(1, 43, NET);
    deliver();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "left 42 net1",
        "destroyed net1 " + (kind.hasIds() ? "kernel-id-gone" : "inode-reused") + " last 42",
        "created net2 by 43",
        "joined 43 net2 by fork");
    isTrue();
  }

  @Test
  void inodeOfAnotherTypeProvesTheEndWhoeverIsThoughtToBeThere() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.exit(42);
    lose();
    host.reuse("net1");
    host.fork(1, 43, UTS);
    deliver();
    tells(
        "destroyed net1 " + (kind.hasIds() ? "kernel-id-gone" : "inode-reused"),
        "created uts1 by 43",
        "joined 43 uts1 by fork");
    rest();
    tells("left 42 net1");
    isTrue();
  }

  @Test
  void inodeThatAMemberHoldsIsNotUsedAgain() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.fork(1, 43);
    host.setns(43, "net1");
    host.exit(43);
    deliver();
    tells("joined 43 net1<net:init by setns", "left 43 net1");
    isTrue();
  }

  @Test
  void inodeThatADescriptorHoldsIsNotUsedAgain() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    deliver();
    settle();
    host.fork(1, 43);
    host.setns(43, "net1");
    deliver();
    tells("left 42 net1", "joined 43 net1<net:init by setns");
    isTrue();
  }

  @Test
  void inodeThatAChildHoldsIsNotUsedAgain() throws IOException {
    host.fork(1, 42, USER, NET);
    host.fork(1, 43);
    host.setns(43, "net1");
    begin();
    host.exit(42);
    deliver();
    settle();
    host.fork(1, 44);
    host.setns(44, "user1");
    deliver();
    tells("left 42 net1 user1", "joined 44 user1<user:init by setns");
    isTrue();
  }

  /// Whoever could be asked is in another namespace by now, which has the inode.
  @Test
  void namespaceIsNotTakenForAYoungerOneWithItsInode() throws IOException {
    host.fork(1, 43);
    begin();
    host.fork(1, 42, NET);
    host.setns(42, "net:init");
    host.unshare(43, USER);
    host.reuse("net1");
    host.unshare(43, NET);
    host.setns(42, "net2");
    deliver(1);
    assertEquals(-1, present("net1").id());
    deliver();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "joined 42 net:init<net1 by setns",
        "created user1 by 43",
        "joined 43 user1<user:init by unshare",
        "destroyed net1 inode-reused last 42",
        "created net2 by 43",
        "joined 43 net2<net:init user1 by unshare",
        "joined 42 net2<net:init by setns");
    rest();
    hasId("net2");
    isTrue();
  }

  /// `unshare(2)` lets go of what it leaves before it writes its record; another gets the inode.
  @Test
  void namespaceThatAllMembersAreAboutToLeaveHasGivenItsInodeAway() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    begin();
    Runnable record = host.recordedLater(() -> host.unshare(42, NET));
    host.reuse("net1");
    host.unshare(43, NET);
    record.run();
    deliver();
    rest();
    assertEquals(
        "destroyed net1 " + (kind.hasIds() ? "kernel-id-gone" : "inode-reused"),
        told().getFirst().replace(" last 42", ""));
    isTrue();
  }

  /// To free a mount namespace the kernel waits for all readers: half a second.
  @Test
  void mountNamespaceIsLeftLongBeforeItsRecord() throws IOException {
    host.fork(1, 42, MNT);
    host.fork(1, 43);
    begin();
    Runnable record = host.recordedLater(() -> host.unshare(42, MNT));
    host.reuse("mnt1");
    host.unshare(43, MNT);
    advance(Duration.ofMillis(400));
    record.run();
    deliver();
    rest();
    isTrue();
  }

  /// The record of the move is yet to be written, and there is nobody left to be asked.
  @Test
  void namespaceWhoseMembersHaveMovedOnIsGoneWhereItsHandleSaysSo() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    begin();
    Runnable record = host.recordedLater(() -> host.unshare(42, NET));
    host.reuse("net1");
    host.unshare(43, NET);
    host.exit(43);
    deliver();
    record.run();
    deliver();
    rest();
    if (kind.hasIds()) {
      tells(
          "destroyed net1 kernel-id-gone",
          "created net3 by 43",
          "joined 43 net3<net:init by unshare",
          "left 43 net3",
          "created net2 by 42",
          "joined 42 net2<net1 by unshare",
          "destroyed net3 no-holder last 43");
      isTrue();
    }
  }

  @Test
  void handleThatOpensNeedsNoWitness() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    begin();
    host.exit(42);
    deliver();
    settle();
    host.unmount(1, "/run/netns/blue");
    host.mount(1, "/run/netns/red", "net:init");
    host.reuse("net1");
    host.fork(1, 43, NET);
    deliver();
    tells(
        "left 42 net1",
        kind.hasIds() ? "destroyed net1 kernel-id-gone last 42" : "",
        kind.hasIds() ? "created net2 by 43" : "",
        "joined 43 " + (kind.hasIds() ? "net2" : "net1") + " by fork");
  }

  @Test
  void wayBackIsAMove() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43, NET);
    begin();
    host.setns(42, "net2");
    host.setns(42, "net:init");
    host.exit(43);
    deliver();
    rest();
    assertEquals("joined 42 net2<net1 by setns", told().getFirst());
    isTrue();
  }
}
