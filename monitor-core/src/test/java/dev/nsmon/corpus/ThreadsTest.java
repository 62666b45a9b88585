package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What threads other than the main one do, as records say: told with rows where asked for, else
/// only what they make.
class ThreadsTest extends Scenario {

  @Test
  void namespaceThatAThreadMakesIsToldAndNotThatItIsThere() throws IOException {
    host.fork(1, 42);
    begin();
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    deliver();
    tells("created uts1 held by thread 42/70");
    isAliveOnly("uts1");
    host.exitThread(42, 70);
    deliver();
    rest();
    tells("destroyed uts1 gone last 42/70");
  }

  private void isAliveOnly(String name) {
    assertEquals("[" + name + "]", host.alive().toString());
  }

  @Test
  void namespaceThatAThreadIsInIsNotTakenForEnded() throws IOException {
    host.fork(1, 42);
    begin();
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    deliver();
    host.run(42);
    rest();
    tells("created uts1 held by thread 42/70");
    isAliveOnly("uts1");
  }

  @Test
  void threadThatEntersWhatOthersAreInSaysNothing() throws IOException {
    host.fork(1, 41, NET);
    host.fork(1, 42);
    host.thread(42, 70);
    begin();
    host.setnsThread(42, 70, "net1");
    deliver();
    tells();
    host.exit(41);
    rest();
    tells("left 41 net1");
    isAliveOnly("net1");
  }

  @Test
  void namespaceThatAThreadHasLeftMayHaveGivenItsInodeAway() throws IOException {
    host.fork(1, 42);
    host.thread(42, 70);
    begin();
    host.unshareThread(42, 70, UTS);
    host.setnsThread(42, 70, "uts:init");
    host.reuse("uts1");
    host.fork(1, 43, UTS);
    deliver();
    tells(
        "created uts1 held by thread 42/70",
        "destroyed uts1 inode-reused last 42/70",
        "created uts2 by 43",
        "joined 43 uts2 by fork");
    isTrue();
  }

  @Test
  void threadMovesAndReturnsAndExits() throws IOException {
    options = options.withThreads();
    host.fork(1, 42, NET);
    begin();
    host.thread(42, 70);
    deliver();
    tells();
    host.unshareThread(42, 70, UTS);
    deliver();
    tells("created uts1 by 42/70", "joined 42/70 net1 uts1<uts:init by unshare");
    host.setnsThread(42, 70, "uts:init");
    deliver();
    rest();
    tells("joined 42/70 net1 uts:init<uts1 by setns", "destroyed uts1 gone last 42/70");
    host.exitThread(42, 70);
    deliver();
    rest();
    tells("left 42/70 net1");
  }

  @Test
  void threadOfAHostProcessMakesItKnown() throws IOException {
    options = options.withThreads();
    begin();
    host.fork(1, 42);
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    deliver();
    rest();
    tells("created uts1 by 42/70", "joined 42/70 uts1<uts:init by unshare");
    host.exit(42);
    deliver();
    rest();
    assertEquals("destroyed uts1", told().getLast().substring(0, 14));
  }

  @Test
  void threadIsAMemberWhoseNamespaceIsNotUsedAgain() throws IOException {
    options = options.withThreads();
    host.fork(1, 42);
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    begin();
    host.fork(1, 43);
    host.setns(43, "uts1");
    host.exit(43);
    deliver();
    tells("joined 43 uts1<uts:init by setns", "left 43 uts1");
  }

  @Test
  void threadsLeaveWithTheirProcess() throws IOException {
    options = options.withThreads();
    host.fork(1, 42, NET);
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    begin();
    host.exit(42);
    rest();
    tells(
        "left 42 net1",
        "left 42/70 net1 uts1",
        "destroyed uts1 gone last 42/70",
        "destroyed net1 gone last 42/70");
  }

  @Test
  void exitOfAThreadOfAnotherProcessSaysNothing() throws IOException {
    options = options.withThreads();
    host.fork(1, 42);
    host.thread(42, 70);
    begin();
    host.follow(42);
    host.exitThread(42, 70);
    deliver();
    tells();
  }
}
