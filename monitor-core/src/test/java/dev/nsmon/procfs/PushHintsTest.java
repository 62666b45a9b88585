package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.push.KernelRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Records that name no inodes: they say where to look.
class PushHintsTest extends PushFixture {

  @Test
  void processThatCanBeReadIsWhereItIs() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    assertEquals(List.of("created net:1.1 by 42", "joined 42 net:1.1"), apply(forkHint(42, 1)));
    assertEquals(Optional.of(NOW.getEpochSecond()), notBefore());
  }

  private Optional<Long> notBefore() {
    return events
        .getFirst()
        .sighting()
        .notBefore()
        .map(time -> time.plusMillis(500).getEpochSecond());
  }

  @Test
  void processThatCanNotBeReadSaysNothing() throws IOException {
    begin();
    assertEquals(List.of(), apply(forkHint(42, 1), execHint(42)));
  }

  @Test
  void childThatIsWhereItsParentIsBeganThere() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    begin();
    proc.process(43, LONG_AGO, Records.links("net:1"));
    assertEquals(List.of("joined 43 net:1.1 by fork"), apply(forkHint(43, 42)));
    assertEquals(Optional.empty(), notBefore());
  }

  @Test
  void childOfOneThatSendsItsChildrenElsewhereBeganThere() throws IOException {
    proc.process(42, LONG_AGO);
    proc.link(42, "pid_for_children", Records.links("pid:2")[0]);
    begin();
    proc.process(43, LONG_AGO, Records.links("pid:2"));
    assertEquals(List.of("joined 43 pid:2.1 by fork"), apply(forkHint(43, 42)));
  }

  @Test
  void hostProcessIsNoNews() throws IOException {
    begin();
    proc.process(42, LONG_AGO);
    assertEquals(List.of(), apply(forkHint(42, 1), execHint(42)));
    assertEquals(1, follower().present().tasks().size());
  }

  @Test
  void execShowsWhereAProcessHasGone() throws IOException {
    proc.process(42, LONG_AGO);
    begin();
    proc.move(42, Records.links("net:1"));
    assertEquals(
        List.of("created net:1.1 by 42", "joined 42 net:1.1<net:init"), apply(execHint(42)));
  }

  @Test
  void processIsLookedAtOnceInABatch() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    assertEquals(
        List.of("created net:1.1 by 42", "joined 42 net:1.1"),
        apply(forkHint(42, 1), execHint(42), execHint(42)));
    assertEquals(List.of(), apply(execHint(42)));
  }

  @Test
  void whatAHintHasToldALookDoesNotTellAgain() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    apply(forkHint(42, 1));
    assertEquals(List.of(), lookAgain());
    proc.exit(42);
    assertEquals(List.of("left 42 net:1.1"), apply(exit(42)));
    assertEquals(List.of("destroyed net:1.1 no-holder last 42"), lookAgain());
  }

  @Test
  void knownProcessThatIsGoneHasLeft() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    begin();
    proc.exit(42);
    assertEquals(List.of("left 42 net:1.1"), apply(execHint(42)));
  }

  @Test
  void pidThatIsForkedAgainIsAnother() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    begin();
    proc.process(42, LATER, Records.links("net:1"));
    assertEquals(List.of("left 42 net:1.1", "joined 42 net:1.1"), apply(forkHint(42, 1)));
  }

  @Test
  void tooManyForOneBatchAskForALook() throws IOException {
    begin();
    KernelRecord[] many = new KernelRecord[2001];
    for (int i = 0; i < many.length; i++) {
      many[i] = forkHint(100 + i, 1);
    }
    apply(many[0]);
    assertFalse(follower().takeOverflow());
    apply(many);
    assertTrue(follower().takeOverflow());
    assertFalse(follower().takeOverflow());
  }
}
