package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.MNT;
import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.TIME;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.Holder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What holds a namespace without a process in it, and how that is found.
class HoldersTest extends Scenario {
  private static final String FDS = "list /proc/43/fd";

  /// What is known to hold the namespace, by the kind of [Holder].
  private List<String> holders(String name) {
    return subject.present().namespaces().stream()
        .filter(one -> words.byKey(one.key()).equals(name))
        .flatMap(one -> subject.present().holdersOf(one).stream())
        .map(HoldersTest::words)
        .sorted()
        .toList();
  }

  private static String words(Holder holder) {
    return switch (holder) {
      case Holder.Mount mount -> "mount " + mount.path();
      case Holder.Descriptor descriptor -> "descriptor " + descriptor.pid() + "/" + descriptor.fd();
      case Holder.Socket socket -> "socket " + socket.pid() + "/" + socket.fd();
      case Holder.StrayThread thread -> "thread " + thread.pid() + "/" + thread.tid();
      case Holder.ForChildren process -> "children of " + process.pid();
      case Holder.Child _ -> "child";
    };
  }

  @Test
  void mountHoldsUntilItIsTakenAway() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    begin();
    assertEquals(List.of("mount /run/netns/blue"), holders("net1"));
    host.exit(42);
    scan();
    tells("left 42 net1");
    isTrue();
    host.unmount(1, "/run/netns/blue");
    scan();
    scan();
    tells("destroyed net1 gone last 42");
  }

  @Test
  void namespaceThatNoProcessIsInIsFoundByItsMount() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue one", "net1");
    host.exit(42);
    begin();
    assertEquals(List.of("mount /run/netns/blue one"), holders("net1"));
    isTrue();
  }

  /// The monitor's own table of mounts says by itself that it has changed.
  @Test
  void mountThatTheMonitorSeesIsFoundWithTheNextScan() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    host.exit(42);
    scan();
    tells("created net1 held by mount /run/netns/blue in mnt:init");
    host.unmount(1, "/run/netns/blue");
    scan();
    tells("destroyed net1 gone");
  }

  @Test
  void mountThatAnotherMountCoversHoldsWhatIsKnown() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    kernel.covered.add("/run/netns/blue");
    begin();
    host.exit(42);
    scan();
    scan();
    assertEquals(List.of("mount /run/netns/blue"), holders("net1"));
    tells("left 42 net1");
    isTrue();
  }

  /// The way to it would have to be read from a disk, or from a server that may never answer.
  @Test
  void mountWhosePathIsNotInMemoryHoldsWhatIsKnown() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/slow/blue", "net1");
    kernel.notCached.add("/slow/blue");
    begin();
    assertEquals(List.of("mount /slow/blue"), holders("net1"));
  }

  @Test
  void mountInAnotherMountNamespaceIsReadThroughAProcessThere() throws IOException {
    host.fork(1, 41, MNT);
    host.fork(1, 42, UTS);
    host.mount(41, "/pin", "uts1");
    begin();
    host.exit(42);
    scan();
    scan();
    assertEquals(List.of("mount /pin"), holders("uts1"));
    host.exit(41);
    scan();
    scan();
    scan();
    tells(
        "left 42 uts1",
        "left 41 mnt1",
        "destroyed mnt1 gone last 41",
        "destroyed uts1 gone last 42");
  }

  @Test
  void mountsOfAProcessWhoseMainThreadHasExitedAreReadThroughItsOthers() throws IOException {
    host.fork(1, 41, MNT);
    host.thread(41, 70);
    host.fork(1, 42, UTS);
    host.mount(41, "/pin", "uts1");
    host.exitThread(41, 41);
    begin();
    host.exit(42);
    scan();
    scan();
    assertEquals(List.of("mount /pin"), holders("uts1"));
    isTrue();
  }

  @Test
  void mountThatIsListedTwiceHoldsOnce() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    host.mount(1, "/run/netns/blue", "net1");
    begin();
    assertEquals(List.of("mount /run/netns/blue"), holders("net1"));
  }

  /// As many as a user may make (`fs.mount-max`). A list that is searched for each takes minutes,
  /// and nobody reads a record of them all.
  @Test
  void hundredThousandMountsAreReadInTheTimeOfATest() throws IOException {
    if (kind != KernelKind.IDS) {
      return; // Once is enough.
    }
    host.fork(1, 42, NET);
    for (int i = 0; i < 100_000; i++) {
      host.mounts.add(new Host.Mount(host.initial(MNT), "/m/" + i, host.ns("net1")));
      kernel.notCached.add("/m/" + i);
    }
    begin();
    assertEquals(100, holders("net1").size());
  }

  /// To ask costs nine system calls, and a user may make 100,000 mounts of one namespace.
  @Test
  void namespaceOfManyMountsInOneTableIsAskedOnce() throws IOException {
    host.fork(1, 42, NET);
    for (int i = 0; i < 100; i++) {
      host.mounts.add(new Host.Mount(host.initial(MNT), "/m/" + i, host.ns("net1")));
    }
    kernel.notCached.add("/m/0");
    begin();
    assertEquals(100, holders("net1").size());
    int asked = 0;
    for (int i = 0; i < 100; i++) {
      asked += kernel.count("mounted /m/" + i);
    }
    // The first is not reached, the second is: by the first scan, and by the search for holders.
    assertTrue(asked <= 4, asked + " of 100 were asked");
  }

  @Test
  void descriptorHoldsUntilItIsClosed() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    assertEquals(List.of("descriptor 1/5"), holders("net1"));
    host.exit(42);
    scan();
    tells("left 42 net1");
    host.close(1, 5);
    scan();
    scan();
    tells("destroyed net1 gone last 42");
  }

  @Test
  void namespaceThatNoProcessIsInIsFoundByItsDescriptor() throws IOException {
    host.fork(1, 41);
    host.fork(1, 42, UTS);
    host.open(41, 5, "uts1");
    host.exit(42);
    begin();
    assertEquals(List.of("descriptor 41/5"), holders("uts1"));
    isTrue();
  }

  /// A descriptor's number may have been given to another file between its name and its opening.
  @Test
  void descriptorIsWhatIsOpenedNotWhatItWasNamed() throws IOException {
    host.fork(1, 41);
    host.fork(1, 42, UTS);
    host.fork(1, 43, NET);
    host.open(41, 5, "uts1");
    kernel.before("open /proc/41/fd/5", () -> host.open(41, 5, "net1"));
    begin();
    assertEquals(List.of("descriptor 41/5"), holders("net1"));
    assertEquals(List.of(), holders("uts1"));
  }

  @Test
  void descriptorsOfAProcessWhoseMainThreadHasExitedAreSeenThroughItsOthers() throws IOException {
    host.fork(1, 41);
    host.thread(41, 70);
    host.fork(1, 42, UTS);
    host.open(41, 5, "uts1");
    host.exitThread(41, 41);
    begin();
    host.exit(42);
    scan();
    scan();
    assertEquals(List.of("descriptor 41/5"), holders("uts1"));
    isTrue();
  }

  @Test
  void monitorIsNoHolder() throws IOException {
    host.fork(1, 42, UTS);
    host.open(host.self, 5, "uts1");
    begin();
    assertEquals(List.of(), holders("uts1"));
  }

  @Test
  void socketHoldsTheNetworkNamespaceWhereItWasMade() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    host.setns(43, "net1");
    host.socket(43, 7);
    host.setns(43, "net:init");
    begin();
    assertEquals(List.of("socket 43/7"), holders("net1"));
    host.close(43, 7);
    host.exit(42);
    scan();
    scan();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void socketWhereItsProcessIsHoldsNothingMore() throws IOException {
    host.fork(1, 42, NET);
    host.socket(42, 7);
    begin();
    assertEquals(List.of(), holders("net1"));
  }

  @Test
  void socketThatSeveralHaveIsAskedOnceAndHeldByEach() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    host.setns(43, "net1");
    host.socket(43, 7);
    host.setns(43, "net:init");
    host.fork(43, 44);
    begin();
    assertEquals(List.of("socket 43/7", "socket 44/7"), holders("net1"));
    assertEquals(1, kernel.count("netOf net1"));
  }

  /// It may be of any network namespace, and of no other type.
  @Test
  void socketThatCanNotBeAskedMayHoldAnyNetworkNamespace() throws IOException {
    host.fork(1, 42, NET, UTS);
    host.fork(1, 43);
    host.socket(43, 7);
    kernel.fail("getfd 43 7", Errno.EPERM);
    begin();
    host.exit(42);
    scan();
    scan();
    if (kind.hasIds()) {
      tells("left 42 net1 uts1", "destroyed net1 gone last 42", "destroyed uts1 gone last 42");
    } else {
      tells("left 42 net1 uts1", "destroyed uts1 no-holder last 42");
      kernel.heal("getfd 43 7");
      scan();
      tells("destroyed net1 no-holder last 42");
    }
  }

  @Test
  void processWhoseDescriptorsCanNotBeReadMayHoldAnything() throws IOException {
    host.fork(1, 42, UTS);
    host.fork(1, 43);
    kernel.fail("open /proc/43/fd", Errno.EACCES);
    begin();
    host.exit(42);
    scan();
    scan();
    if (kind.hasIds()) {
      tells("left 42 uts1", "destroyed uts1 kernel-id-gone last 42");
    } else {
      tells("left 42 uts1");
      kernel.heal("open /proc/43/fd");
      scan();
      tells("destroyed uts1 no-holder last 42");
    }
  }

  @Test
  void listOfDescriptorsThatBreaksOffProvesNothing() throws IOException {
    host.fork(1, 42, UTS);
    host.fork(1, 43);
    begin();
    kernel.fail("list /proc/43/fd", Errno.ENOMEM);
    host.run(43);
    host.exit(42);
    scan();
    scan();
    if (kind.hasIds()) {
      tells("left 42 uts1", "destroyed uts1 kernel-id-gone last 42");
    } else {
      tells("left 42 uts1");
    }
  }

  @Test
  void processThatHasNotRunIsNotSearchedAgain() throws IOException {
    host.fork(1, 43);
    begin();
    int listed = kernel.count("list /proc/43/fd");
    advance(Duration.ofSeconds(30));
    scan();
    advance(Duration.ofSeconds(30));
    scan();
    assertEquals(listed, kernel.count("list /proc/43/fd"));
    host.run(43);
    advance(Duration.ofSeconds(30));
    scan();
    assertEquals(listed + 2, kernel.count("list /proc/43/fd"), "to its end, in two calls");
  }

  @Test
  void threadHoldsWhereItIsAlone() throws IOException {
    host.fork(1, 42);
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    begin();
    assertEquals(List.of("thread 42/70"), holders("uts1"));
    isTrue();
    host.exitThread(42, 70);
    host.run(42);
    scan();
    scan();
    tells("destroyed uts1 gone");
  }

  @Test
  void processHoldsTheNamespacesOfItsChildren() throws IOException {
    host.fork(1, 42);
    host.unshare(42, PID, TIME);
    begin();
    assertEquals(List.of("children of 42"), holders("pid1"));
    assertEquals(List.of("children of 42"), holders("time1"));
    isTrue();
    host.exit(42);
    scan();
    scan();
    tells("destroyed pid1 gone", "destroyed time1 gone");
  }

  @Test
  void namespaceHoldsWhatItBelongsTo() throws IOException {
    host.fork(1, 42, USER);
    host.unshare(42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    begin();
    host.exit(42);
    scan();
    scan();
    tells("left 42 net1 user1");
    assertEquals(List.of("child"), holders("user1"));
    isTrue();
    host.unmount(1, "/run/netns/blue");
    scan();
    scan();
    scan();
    tells("destroyed net1 gone last 42", "destroyed user1 gone last 42");
  }

  /// What is left alone is searched for at once, not with the next round.
  @Test
  void namespaceThatIsLeftAloneIsSearchedForAtOnce() throws IOException {
    options = options.searchingEvery(Duration.ofDays(1));
    host.fork(1, 42, UTS);
    host.open(1, 5, "uts1");
    begin();
    host.exit(42);
    scan();
    assertEquals(List.of("descriptor 1/5"), holders("uts1"));
    int listed = kernel.count("list /proc/1/fd");
    host.run(1);
    scan();
    scan();
    if (kind.hasIds()) {
      assertEquals(listed, kernel.count("list /proc/1/fd"), "once is enough");
    }
  }

  @Test
  void searchIsDueWithTheRound() throws IOException {
    host.fork(1, 43);
    host.fork(1, 42, UTS);
    begin();
    host.open(43, 5, "uts1");
    advance(Duration.ofSeconds(26));
    scan();
    assertEquals(List.of(), holders("uts1"));
    advance(Duration.ofSeconds(4));
    scan();
    assertEquals(List.of("descriptor 43/5"), holders("uts1"));
  }

  /// Rounds of 30 s, each of which begins a moment after the last, and a search that takes a
  /// second.
  @Test
  void everyRoundSearchesHoweverLongASearchTakes() throws IOException {
    host.fork(1, 43);
    begin();
    int searches = kernel.count(FDS);
    for (int round = 0; round < 4; round++) {
      kernel.before(FDS, () -> advance(Duration.ofSeconds(1)));
      host.run(43);
      advance(Duration.ofMillis(28_999 - round));
      search();
      searches += 2;
      assertEquals(searches, kernel.count(FDS), "round " + round);
    }
  }

  /// One that takes long takes a tenth of the time at most.
  @Test
  void searchThatTakesLongComesSeldom() throws IOException {
    host.fork(1, 43);
    begin();
    kernel.before(FDS, () -> advance(Duration.ofSeconds(20)));
    host.run(43);
    advance(Duration.ofSeconds(30));
    scan();
    int searches = kernel.count(FDS);
    host.run(43);
    advance(Duration.ofSeconds(179));
    scan();
    assertEquals(searches, kernel.count(FDS));
    advance(Duration.ofSeconds(1));
    scan();
    assertEquals(searches + 2, kernel.count(FDS));
  }

  /// So does one that is wanted because a namespace was left alone.
  @Test
  void searchThatIsWantedRestsTenTimesAsLongAsTheLastTook() throws IOException {
    options = options.searchingEvery(Duration.ofDays(1));
    host.fork(1, 42, UTS);
    host.fork(1, 44, NET);
    begin();
    kernel.before("list /proc/1/fd", () -> advance(Duration.ofSeconds(1)));
    host.open(1, 6, "uts1");
    host.exit(42);
    scan();
    host.open(1, 5, "net1");
    host.exit(44);
    advance(Duration.ofSeconds(9));
    scan();
    assertEquals(List.of(), holders("net1"));
    advance(Duration.ofSeconds(1));
    scan();
    assertEquals(List.of("descriptor 1/5"), holders("net1"));
  }

  /// What was read before stands where nobody is left to read it through.
  @Test
  void mountsOfANamespaceThatNobodyIsInStandAsTheyWereRead() throws IOException {
    host.fork(1, 41, MNT);
    host.fork(1, 42, UTS);
    host.mount(41, "/pin", "uts1");
    host.open(1, 5, "mnt1");
    begin();
    host.exit(41);
    host.exit(42);
    scan();
    scan();
    tells("left 41 mnt1", "left 42 uts1");
    assertEquals(List.of("mount /pin"), holders("uts1"));
    isTrue();
  }
}
