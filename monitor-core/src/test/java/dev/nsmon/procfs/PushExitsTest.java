package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Source;
import dev.nsmon.namespace.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a process has ended whose main thread has.
class PushExitsTest extends PushFixture {
  private static final String LEFT = "left 42 net:1.1";

  private void beginWithOneInNet() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    begin();
  }

  @Test
  void processEndsWithItsLastThreadWhenItsMainOneWentFirst() throws IOException {
    beginWithOneInNet();
    assertEquals(List.of(), apply(exit(42)));
    assertEquals(List.of(), apply(exitThread(42, 70)));
    proc.exit(42);
    assertEquals(List.of(LEFT), apply(exitThread(42, 71)));
  }

  @Test
  void exitOfAThreadAloneIsNotTheEnd() throws IOException {
    beginWithOneInNet();
    proc.exit(42);
    assertEquals(List.of(), apply(exitThread(42, 70)));
  }

  @Test
  void endThatIsSeenLaterIsToldWhenTheMainThreadExited() throws IOException {
    beginWithOneInNet();
    apply(exit(42));
    assertTrue(follower().settleDueNanos() < Long.MAX_VALUE);
    proc.exit(42);
    clock.advance(Duration.ofNanos(follower().settleDueNanos() - 1 - clock.nanoTime()));
    assertEquals(List.of(), told(follower().settle(), Source.PERF));
    clock.advance(Duration.ofNanos(1));
    assertEquals(List.of(LEFT), told(follower().settle(), Source.PERF));
    assertEquals(Long.MAX_VALUE, follower().settleDueNanos());
  }

  /// Its record was made before the source took any.
  @Test
  void processThatWasExitingAtTheFirstLookHasLeft() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.exiting(42, 1, LONG_AGO);
    begin();
    List<Step> steps = follower().askExiting();
    assertFalse(steps.getFirst().exact(), "nobody has reported it");
    assertEquals(List.of(LEFT), told(steps, Source.POLL));
    assertEquals(Long.MAX_VALUE, follower().settleDueNanos());
    assertEquals(List.of(), lookAgain(), "it is in there until it is a zombie");
    proc.exit(42);
    assertEquals(List.of("destroyed net:1.1 no-holder last 42"), lookAgain());
  }

  /// A look reads again those that alone can show that there is life where they are.
  @Test
  void beingReadTwiceInTheFirstLookDoesNotHideIt() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.exiting(42, 1, LONG_AGO);
    begin();
    lookAgain();
    assertEquals(List.of(LEFT), told(follower().askExiting(), Source.POLL));
  }

  @Test
  void processWhoseMainThreadWasExitingAtTheFirstLookEndsWithItsLastThread() throws IOException {
    proc.process(42, LONG_AGO, Records.links("net:1"));
    proc.exiting(42, 2, LONG_AGO);
    begin();
    assertEquals(List.of(), told(follower().askExiting(), Source.POLL));
    proc.exit(42);
    assertEquals(List.of(LEFT), apply(exitThread(42, 71)));
  }

  @Test
  void zombieHasEnded() throws IOException {
    beginWithOneInNet();
    proc.zombie(42, 1, LONG_AGO);
    assertEquals(List.of(LEFT), apply(exit(42)));
  }

  @Test
  void zombieWithThreadsHasNotEnded() throws IOException {
    beginWithOneInNet();
    proc.zombie(42, 2, LONG_AGO);
    assertEquals(List.of(), apply(exit(42)));
  }

  @Test
  void pidThatIsAnothersByNowHasEnded() throws IOException {
    beginWithOneInNet();
    proc.process(42, LATER, Records.links("net:1"));
    assertEquals(List.of(LEFT), apply(exit(42)));
  }

  @Test
  void processThatWasBornUnderTheSourceAndMadeNoThreadsIsNotAskedFor() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    apply(fork(42, 1, "net:1"));
    assertEquals(List.of(LEFT), apply(exit(42)));
  }

  @Test
  void processThatWasBornUnderTheSourceAndMadeThreadsIs() throws IOException {
    begin();
    proc.process(42, LONG_AGO, Records.links("net:1"));
    apply(fork(42, 1, "net:1"), forkThread(42, 70, "net:1"));
    assertEquals(List.of(), apply(exit(42)));
    proc.exit(42);
    assertEquals(List.of(LEFT), apply(exitThread(42, 70)));
  }

  @Test
  void processThatWaitsForItsParentIsNotTakenForANewOne() throws IOException {
    proc.process(42, LONG_AGO, Records.links("user:5"));
    proc.process(43, LONG_AGO, Records.links("user:5"));
    begin();
    proc.zombie(42, 1, LONG_AGO);
    assertEquals(List.of("left 42 user:5.1"), apply(exit(42)));
    assertEquals(List.of(), lookAgain());
    follower().compare();
    assertFalse(follower().hasSuspects());
    assertEquals(List.of(), lookAgain());
  }

  @Test
  void nextProcessWithThePidIsNew() throws IOException {
    beginWithOneInNet();
    proc.zombie(42, 1, LONG_AGO);
    apply(exit(42));
    proc.process(42, LATER, Records.links("uts:3"));
    assertEquals(
        List.of(
            "created uts:3.1 by 42", "joined 42 uts:3.1", "destroyed net:1.1 no-holder last 42"),
        lookAgain());
  }
}
