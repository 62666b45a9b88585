package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Source;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a comparison of `/proc` with the records finds that no record has told.
class ComparisonTest extends PushFixture {

  @Test
  void nothingIsFoundWhereAllIsAsItWasTold() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    begin();
    proc.process(43, LONG_AGO, Records.links("net:1"));
    apply(fork(43, 42, "net:1"));
    follower().compare();
    assertFalse(follower().hasSuspects());
    assertEquals(List.of(), lookAgain());
  }

  @Test
  void whatNoRecordHasToldIsFound() throws IOException {
    proc.process(43, LONG_AGO);
    proc.process(44, LONG_AGO, Records.links("net:4"));
    proc.process(45, LONG_AGO, Records.links("net:5"));
    begin();
    apply(fork(50, 1, "net:6"), exit(50), fork(51, 1, "net:7"), exit(51));
    proc.process(42, LONG_AGO, Records.links("net:2"));
    proc.move(43, Records.links("net:3"));
    proc.exit(44);
    proc.process(45, LATER, Records.links("net:5"));
    proc.process(46, LONG_AGO, Records.links("net:6"));
    assertEquals(
        List.of(
            "created net:2.1 by 42",
            "joined 42 net:2.1",
            "created net:3.1 by 43",
            "joined 43 net:3.1<net:init",
            "left 44 net:4.1",
            "left 45 net:5.1",
            "joined 45 net:5.1",
            "joined 46 net:6.1"),
        compare());
    follower().compare();
    assertFalse(follower().hasSuspects());
    assertEquals(
        Set.of("destroyed net:7.1 no-holder last 51", "destroyed net:4.1 no-holder last 44"),
        Set.copyOf(told(follower().search(), Source.POLL)));
    assertEquals(List.of(), lookAgain());
  }

  @Test
  void hostProcessesComeAndGoUntold() throws IOException {
    begin();
    proc.process(42, LONG_AGO);
    follower().compare();
    assertFalse(follower().hasSuspects());
    proc.exit(42);
    follower().compare();
    assertFalse(follower().hasSuspects());
  }

  @Test
  void recordThatWasOnItsWayExplainsWhatDiffered() throws IOException {
    proc.process(43, LONG_AGO);
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.move(43, Records.links("uts:3"));
    follower().compare();
    assertTrue(follower().hasSuspects());
    apply(fork(42, 1, "net:1"), move(43, "uts:3"));
    while (follower().hasSuspects()) {
      assertEquals(List.of(), told(follower().confirm(), Source.POLL));
    }
  }

  @Test
  void whatHasPassedAgainWasNothing() throws IOException {
    proc.process(43, LONG_AGO);
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.move(43, Records.links("uts:3"));
    follower().compare();
    proc.exit(42);
    proc.process(43, LONG_AGO);
    while (follower().hasSuspects()) {
      assertEquals(List.of(), told(follower().confirm(), Source.POLL));
    }
  }

  @Test
  void searchEndsNothingThatAProcessIsInWhoseRecordIsOnItsWay() throws IOException {
    proc.process(43, LONG_AGO);
    begin();
    apply(fork(42, 1, "net:1"), exit(42), fork(42, 1, "uts:3"), exit(42));
    proc.move(43, Records.links("net:1"));
    proc.process(44, LONG_AGO, Records.links("uts:3"));
    follower().compare();
    assertEquals(List.of(), told(follower().search(), Source.POLL));
  }
}
