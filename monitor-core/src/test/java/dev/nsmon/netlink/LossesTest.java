package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.push.Push;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossesTest {
  private final Losses losses = new Losses();

  private static Optional<Push> lost(long count) {
    return Optional.of(new Push.Lost(OptionalLong.of(count)));
  }

  private static Optional<Push> lostUncounted() {
    return Optional.of(new Push.Lost(OptionalLong.empty()));
  }

  private void numbers(int cpu, int first, int last) {
    for (int number = first; number != last + 1; number++) {
      losses.numbered(cpu, number);
    }
  }

  @Test
  void numbersOfEachCpuAreItsOwnAndBeginAnywhere() {
    numbers(0, 100, 200);
    numbers(1, 7, 9);
    numbers(0, 201, 300);
    numbers(500, 1, 2);
    assertFalse(losses.isSuspected());
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @Test
  void holeIsCountedOnce() {
    numbers(0, 1, 5);
    losses.numbered(0, 9);
    numbers(1, 1, 1);
    losses.numbered(1, 3);
    assertTrue(losses.isSuspected());
    assertEquals(lost(4), losses.settle(0));
    losses.numbered(0, 10);
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 16, 100, 65_535})
  void eachCpuThatAKernelMayHaveIsCounted(int cpu) {
    numbers(cpu, 1, 5);
    losses.numbered(cpu, 8);
    assertEquals(lost(2), losses.settle(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE})
  void cpuThatNoKernelHasIsNotCounted(int cpu) {
    numbers(cpu, 1, 5);
    losses.numbered(cpu, 8);
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @Test
  void numbersWrap() {
    numbers(0, -3, 2);
    assertEquals(Optional.empty(), losses.settle(0));
    numbers(1, -3, -2);
    losses.numbered(1, 1);
    assertEquals(lost(2), losses.settle(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 4, -1000})
  void numberFromThePastCantBeCounted(int number) {
    numbers(0, 1, 5);
    losses.numbered(0, number);
    assertEquals(lostUncounted(), losses.settle(0));
    losses.numbered(0, number + 1);
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @Test
  void overrunThatShowsAsHoleTooIsToldOnce() {
    numbers(0, 1, 5);
    losses.overrun();
    losses.numbered(0, 9);
    assertEquals(lost(12), losses.settle(12));
  }

  @Test
  void overrunWhoseHoleShowsLaterIsToldOnce() {
    numbers(0, 1, 5);
    losses.overrun();
    assertTrue(losses.isSuspected());
    assertEquals(lost(3), losses.settle(3));
    losses.numbered(0, 9);
    assertEquals(Optional.empty(), losses.settle(0));
    losses.numbered(0, 11);
    assertEquals(lost(1), losses.settle(0));
  }

  @Test
  void dropsAreToldEvenIfNobodySaidOverrun() {
    assertEquals(lost(2), losses.settle(2));
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @Test
  void overrunThatTheKernelDoesNotCountIsTold() {
    losses.overrun();
    assertEquals(lostUncounted(), losses.settle(-1));
    assertEquals(Optional.empty(), losses.settle(-1));
  }

  @Test
  void whatCantBeReadIsALossOfUnknownSize() {
    losses.malformed();
    assertTrue(losses.isSuspected());
    assertEquals(lostUncounted(), losses.settle(3));
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @Test
  void answerOfAnOldKernelHasNoCpu() {
    losses.numbered(-1, 3);
    losses.numbered(-1, 9);
    losses.numbered(Integer.MAX_VALUE, 9);
    assertEquals(Optional.empty(), losses.settle(0));
  }

  @Test
  void newSocketHasNewNumbers() {
    numbers(0, 1, 5);
    losses.restart();
    losses.numbered(0, 100);
    assertEquals(Optional.empty(), losses.settle(0));
  }
}
