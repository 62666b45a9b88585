package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `/proc` adds to a record of a process that it still shows, and when it is not believed.
class PushWitnessTest extends PushFixture {
  private static final ProcessInfo REPORTED = new ProcessInfo(-1, 1, "sh", "", -1, List.of(), "");

  private ProcessInfo joined() {
    return ((Joined) events.getLast()).process().info();
  }

  @Test
  void execChangesTheNameOfTheProcess() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertEquals("sh", row(follower().present(), 42).info().comm());
    assertEquals(List.of(), apply(exec(42, "nginx")));
    Task row = row(follower().present(), 42);
    assertEquals("nginx", row.info().comm());
    apply(exit(42));
    assertEquals(row, ((Left) events.getFirst()).process());
  }

  @Test
  void recordTellsNameAndParentAndTheRestIsUnknown() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertEquals(REPORTED, joined());
    apply(move(43, "uts:3"));
    assertEquals(REPORTED, joined());
  }

  @Test
  void recordTellsNameOfAHostProcessThatWasKnownByNothingElse() throws IOException {
    proc.process(42, LONG_AGO);
    begin();
    proc.exit(42);
    apply(move(42, "net:1"));
    assertEquals(REPORTED, joined());
  }

  @Test
  void processThatIsStillThereIsDescribed() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    apply(fork(42, 1, "net:1"));
    assertEquals(
        new ProcessInfo(
            LONG_AGO, 1, "fake", "/usr/bin/fake", 1000, List.of(42, 2), "/fake.slice/42.scope"),
        joined());
  }

  @Test
  void processThatHasExitedWithinTheBatchIsNot() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    apply(fork(42, 1, "net:1"), exit(42));
    assertEquals(REPORTED, ((Left) events.getLast()).process().info());
  }

  @Test
  void youngerProcessWithThePidIsAnother() throws IOException {
    begin();
    proc.process(42, LATER, Records.links("net:1"));
    apply(fork(42, 1, "net:1"));
    assertEquals(REPORTED, joined());
  }

  @Test
  void recordSaysWhereTheProcessWasThenWhateverItsLinksSayNow() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("uts:3"));
    assertEquals(
        List.of("created net:1.1 by 42", "joined 42 net:1.1<net:init by unshare"),
        apply(move(42, "net:1")));
  }

  @Test
  void linksSayWhatNoRecordNames() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.link(42, "pid_for_children", Records.links("pid:2")[0]);
    proc.link(42, "time_for_children", Records.links("time:4")[0]);
    assertEquals(
        List.of(
            "created net:1.1 by 42",
            "created pid:2.1 held for children of 42",
            "created time:4.1 held for children of 42",
            "joined 42 net:1.1<net:init by unshare"),
        apply(move(42, "net:1")));
    assertEquals(
        List.of("joined 43 net:1.1 pid:2.1 time:4.1 by fork"),
        apply(fork(43, 42, "net:1", "pid:2")));
  }

  @Test
  void execEntersTheTimeNamespaceOfTheChildrenByNoCall() throws IOException {
    begin();
    proc.process(42, LONG_AGO);
    proc.link(42, "time_for_children", Records.links("time:4")[0]);
    assertEquals(List.of("created time:4.1 held for children of 42"), apply(move(42)));
    proc.link(42, "time", Records.links("time:4")[0]);
    assertEquals(List.of("joined 42 time:4.1<time:init"), apply(exec(42, "sh")));
  }

  @Test
  void childrenOfTheFirstInAPidNamespaceWillBeThere() throws IOException {
    begin();
    apply(fork(42, 1, "pid:2"));
    NamespaceSet places = row(follower().present(), 42).namespaces();
    assertEquals(FAKE + 2, places.inode(NamespaceLink.PID_FOR_CHILDREN.ordinal()));
  }

  @Test
  void namespaceOfChildrenIsToldWhenNothingElseHasChanged() throws IOException {
    begin();
    proc.process(42, LONG_AGO);
    proc.link(42, "pid_for_children", Records.links("pid:2")[0]);
    assertEquals(List.of("created pid:2.1 held for children of 42"), apply(move(42)));
    assertEquals(List.of(), lookAgain());
  }

  @Test
  void whatWasReportedALookDoesNotTellAgain() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.process(43, LONG_AGO, Records.links("net:1", "uts:3"));
    apply(fork(42, 1, "net:1"), move(43, "net:1"), move(43, "net:1", "uts:3"));
    assertEquals(List.of(), lookAgain());
    assertEquals(List.of(), lookAgain());
  }

  @Test
  void lookTellsWhatNoRecordDid() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    apply(fork(42, 1, "net:1"));
    proc.move(42, Records.links("uts:3"));
    proc.process(43, LATER, Records.links("net:1"));
    assertEquals(
        List.of("created uts:3.1 by 42", "joined 42 net:1.1 uts:3.1<uts:init", "joined 43 net:1.1"),
        lookAgain());
  }

  @Test
  void otherMemberWithinTheBatchIsAskedWhenTheFirstIsGone() throws IOException {
    begin();
    proc.process(43, LONG_AGO, Records.links("net:1"));
    assertEquals(
        List.of(
            "created net:1.1 by 42",
            "joined 42 net:1.1 by fork",
            "joined 43 net:1.1 by fork",
            "left 42 net:1.1"),
        apply(fork(42, 1, "net:1"), fork(43, 42, "net:1"), exit(42)));
  }
}
