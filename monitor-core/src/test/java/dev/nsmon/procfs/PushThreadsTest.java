package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Records of threads, with rows of their own and without.
class PushThreadsTest extends PushFixture {

  private void beginWithRows() throws IOException {
    settings = settings.withThreads(true);
    begin();
  }

  @Test
  void withoutRowsOnlyTheNamespaceThatAThreadMakesIsTold() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertEquals(
        List.of("created uts:3.1 held by thread 42/70"),
        apply(
            forkThread(42, 70, "net:1"),
            moveThread(42, 70, "net:1", "uts:3"),
            moveThread(42, 70),
            exitThread(42, 70)));
    assertEquals(List.of("left 42 net:1.1"), apply(exit(42)));
  }

  @Test
  void withoutRowsThreadOfAHostProcessIsNoReasonToKnowIt() throws IOException {
    begin();
    assertEquals(
        List.of("created uts:3.1 held by thread 42/70"), apply(moveThread(42, 70, "uts:3")));
    assertArrayEquals(new int[0], follower().followed());
  }

  @Test
  void withoutRowsThreadThatEntersWhatOthersAreInSaysNothing() throws IOException {
    begin();
    apply(fork(43, 1, "net:1"));
    assertEquals(List.of(), apply(moveThread(42, 70, "net:1")));
  }

  @Test
  void withoutRowsNamespaceThatAThreadIsInIsNotTakenForEnded() throws IOException {
    begin();
    apply(moveThread(42, 70, "uts:3"));
    assertEquals(
        List.of("created net:4.1 held by thread 42/70"),
        apply(moveThread(42, 70, "uts:3", "net:4")));
    assertEquals(List.of("joined 43 uts:3.1 by fork"), apply(fork(43, 42, "uts:3")));
    assertEquals(List.of("joined 44 uts:3.1<uts:init by setns"), apply(move(44, "uts:3")));
  }

  @Test
  void withoutRowsNamespaceThatAThreadHasLeftMayBeTakenForEnded() throws IOException {
    begin();
    apply(moveThread(42, 70, "uts:3"), moveThread(42, 70));
    assertEquals(
        List.of(
            "destroyed uts:3.1 inode-reused last 42/70",
            "created uts:3.2 by 43",
            "joined 43 uts:3.2 by fork"),
        apply(fork(43, 1, "uts:3")));
    apply(moveThread(42, 71, "net:4"), exitThread(42, 71));
    assertEquals(
        List.of(
            "destroyed net:4.1 inode-reused last 42/71",
            "created net:4.2 by 44",
            "joined 44 net:4.2 by fork"),
        apply(fork(44, 1, "net:4")));
  }

  @Test
  void threadThatBeginsWhereItsProcessIsHasNoRow() throws IOException {
    beginWithRows();
    apply(fork(42, 1, "net:1"));
    assertEquals(List.of(), apply(forkThread(42, 70, "net:1"), exitThread(42, 70)));
  }

  @Test
  void threadMovesFromWhereItsProcessIsAndBackAndExits() throws IOException {
    beginWithRows();
    apply(fork(42, 1, "net:1"));
    assertEquals(
        List.of(
            "created uts:3.1 by 42/70",
            "joined 42/70 net:1.1 uts:3.1<uts:init by unshare",
            "joined 42/70 net:1.1 uts:init<uts:3.1 by setns",
            "left 42/70 net:1.1"),
        apply(
            moveThread(42, 70, "net:1", "uts:3"), moveThread(42, 70, "net:1"), exitThread(42, 70)));
  }

  @Test
  void threadOfAHostProcessMakesItKnown() throws IOException {
    beginWithRows();
    assertEquals(
        List.of("created uts:3.1 by 42/70", "joined 42/70 uts:3.1<uts:init by unshare"),
        apply(moveThread(42, 70, "uts:3")));
    assertArrayEquals(new int[] {42}, follower().followed());
    assertEquals(List.of("joined 42 uts:3.1<uts:init by setns"), apply(move(42, "uts:3")));
  }

  @Test
  void threadOfAThreadThatIsElsewhereBeginsThere() throws IOException {
    beginWithRows();
    apply(moveThread(42, 70, "uts:3"));
    assertEquals(
        List.of("joined 42/71 uts:3.1<uts:init by fork"), apply(forkThread(42, 71, "uts:3")));
  }

  @Test
  void threadIsAMemberWhoseNamespaceIsNotUsedAgain() throws IOException {
    beginWithRows();
    apply(moveThread(42, 70, "uts:3"));
    assertEquals(List.of("joined 43 uts:3.1<uts:init by setns"), apply(move(43, "uts:3")));
    assertEquals(
        List.of("left 42/70 uts:3.1", "left 43 uts:3.1"), apply(exitThread(42, 70), exit(43)));
    assertEquals(
        List.of(
            "destroyed uts:3.1 inode-reused last 43",
            "created net:3.2 by 44",
            "joined 44 net:3.2 by fork"),
        apply(fork(44, 1, "net:3")));
  }

  @Test
  void threadsLeaveWithTheirProcess() throws IOException {
    beginWithRows();
    apply(fork(42, 1, "net:1"), moveThread(42, 70, "net:1", "uts:3"), moveThread(42, 71));
    assertEquals(List.of("left 42 net:1.1", "left 42/70 net:1.1 uts:3.1"), apply(exit(42)));
  }

  @Test
  void exitOfAThreadOfAnotherProcessSaysNothing() throws IOException {
    beginWithRows();
    apply(moveThread(42, 70, "uts:3"), fork(43, 1, "net:1"));
    assertEquals(List.of(), apply(exitThread(43, 70)));
    assertEquals(List.of("left 42/70 uts:3.1"), apply(exitThread(42, 70)));
  }
}
