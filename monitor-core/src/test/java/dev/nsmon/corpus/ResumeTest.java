package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A second run that begins where the first has ended, in the same boot.
class ResumeTest extends Scenario {
  private List<String> keys() {
    return subject.present().namespaces().stream().map(Namespace::key).sorted().toList();
  }

  @Test
  void whatIsStillThereKeepsItsKey() throws IOException {
    host.fork(1, 42, USER, NET);
    begin();
    List<String> keys = keys();
    resume(stop(), 1);
    tells("synced");
    assertEquals(keys, keys());
    isTrue();
  }

  @Test
  void whatEndedInBetweenIsTold() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 44, UTS);
    begin();
    Snapshot last = stop();
    host.exit(42);
    host.unshare(44, NET);
    host.fork(1, 43, UTS);
    resume(last, 1);
    tells(
        "left 42 net1",
        "created net2 by 44",
        "created uts2 by 43",
        "joined 43 uts2",
        "joined 44 net2<net:init uts1",
        "destroyed net1 gone last 42",
        "synced");
    isTrue();
  }

  @Test
  void pidThatIsUsedAgainInBetweenIsAnotherProcess() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    Snapshot last = stop();
    host.exit(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42);
    host.setns(42, "net1");
    resume(last, 1);
    tells("left 42 net1", "joined 42 net1", "synced");
  }

  @Test
  void inodeThatIsUsedAgainAfterwardsHasAGenerationOfItsOwn() throws IOException {
    host.fork(1, 42, NET);
    begin();
    Snapshot last = stop();
    resume(last, 7);
    host.exit(42);
    host.reuse("net1");
    host.fork(1, 43, UTS);
    deliver();
    Ns uts = host.ns("uts1");
    String key = kind.hasIds() ? "uts:" + uts.id : "uts:" + uts.inode + ".8";
    assertEquals(1, keys().stream().filter(key::equals).count(), "" + keys());
  }

  @Test
  void handleThatIsStaleAtTheBeginningProvesTheEndAsWell() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    host.exit(42);
    begin();
    Snapshot last = stop();
    host.unmount(1, "/run/netns/blue");
    resume(last, 1);
    tells("destroyed net1 gone", "synced");
    isTrue();
  }

  /// What an earlier run could not ask for its id, and has no member left that was there.
  @Test
  void namespaceThatWasKnownByItsInodeIsNotTakenForAnotherThatHasItNow() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.exit(42);
    deliver();
    events.clear();
    Snapshot last = stop();
    host.reuse("net1");
    host.fork(1, 43, NET);
    resume(last, 1);
    if (kind.hasIds()) {
      tells("destroyed net1 inode-reused", "created net2 by 43", "joined 43 net2", "synced");
      isTrue();
    }
  }

  @Test
  void namespaceThatWasKnownByItsInodeAndHasItsMemberYetStays() throws IOException {
    begin();
    host.fork(1, 42, NET);
    kernel.fail("open /proc/42/ns/net", 24);
    deliver();
    kernel.heal("open /proc/42/ns/net");
    Snapshot last = stop();
    resume(last, 1);
    tells("created net1 by 42", "joined 42 net1 by fork", "synced");
    isTrue();
  }

  @Test
  void ageOfWhatBeganBeforeIsKnown() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    var created = subject.present().namespaces().getLast().created();
    resume(stop(), 1);
    assertEquals(created, subject.present().namespaces().getLast().created());
  }
}
