package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The short way through a storm goes to the first record that may be told, and no further. Process
/// 50 is followed.
class SievePassStopsTest {
  private static final long ALL = Long.MAX_VALUE - 1;
  private static final int STORM = 3 * (6 + 19) + 6;

  private final Sieve sieve = new Told(false).sieve;

  @BeforeEach
  void follow() {
    sieve.follow(new int[] {50}, 0);
    sieve.begin(0);
  }

  /// Three forks at home, and an exit: seven records, at the times 10 to 13.
  private static long[] storm() {
    return Stream.of(
            fork(10, 70),
            namespaces(10, 70),
            fork(11, 71),
            namespaces(11, 71),
            fork(12, 72),
            namespaces(12, 72),
            exit(13, 70))
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  private static long[] fork(long time, int pid) {
    long child = FakeRing.two(pid, 1);
    return FakeRing.record(PerfDecoder.FORK, 0, time, 1, 1, child, child, time);
  }

  private static long[] namespaces(long time, int pid, long... inodes) {
    return FakeRing.namespaces(time, pid, pid, 1, 1, inodes);
  }

  private static long[] exit(long time, int pid) {
    long one = FakeRing.two(pid, 1);
    return FakeRing.record(PerfDecoder.EXIT, 0, time, pid, pid, one, one, time);
  }

  private static long[] after(long[] storm, long... record) {
    long[] both = Arrays.copyOf(storm, storm.length + record.length);
    System.arraycopy(record, 0, both, storm.length, record.length);
    return both;
  }

  @Test
  void allOfAStormIsPassedOverAndCounted() {
    long[] storm = storm();
    assertEquals(STORM, storm.length);
    assertEquals(STORM, sieve.pass(storm, 0, STORM, ALL));
    assertEquals(7, sieve.taken());
    assertEquals(STORM, sieve.pass(storm, STORM, STORM, ALL));
    assertEquals(7, sieve.taken());
  }

  static Stream<Arguments> whatMayBeTold() {
    long[] notOfEights = exit(20, 9);
    notOfEights[0] += 4L << 48;
    long[] tooShort = FakeRing.record(PerfDecoder.FORK, 0, 20, 1, 1, 0, 0);
    return Stream.of(
        Arguments.of("exit of the followed", exit(20, 50)),
        Arguments.of("fork elsewhere", namespaces(20, 9, FakeRing.but(3, 99))),
        Arguments.of("fork of fewer names", namespaces(20, 9, 11, 12, 13)),
        Arguments.of("fork of more names", namespaces(20, 9, 11, 12, 13, 14, 15, 16, 17, 18)),
        Arguments.of("fork by the followed", FakeRing.namespaces(20, 9, 9, 50, 50)),
        Arguments.of("move", FakeRing.namespaces(20, 9, 9, 9, 9)),
        Arguments.of("the idle task", namespaces(20, 0)),
        Arguments.of("name", FakeRing.record(PerfDecoder.COMM, 0, 20, 9, 9, 9, 9, 9)),
        Arguments.of("loss", FakeRing.record(PerfDecoder.LOST, 0, 20, 9, 9, 9, 9, 9)),
        Arguments.of(
            "fork of another size", FakeRing.record(PerfDecoder.FORK, 0, 20, 9, 9, 9, 9, 9, 9)),
        Arguments.of(
            "exit of another size", FakeRing.record(PerfDecoder.EXIT, 0, 20, 9, 9, 9, 9, 9, 9)),
        Arguments.of("record that is too short", tooShort),
        Arguments.of("record of no whole longs", notOfEights),
        Arguments.of("record that is not whole", Arrays.copyOf(exit(20, 9), 5)),
        Arguments.of("record that is too young", exit(ALL, 9)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatMayBeTold")
  void itStopsBeforeWhatMayBeTold(String what, long[] record) {
    long[] words = after(storm(), record);
    assertEquals(STORM, sieve.pass(words, 0, words.length, ALL), what);
    assertEquals(7, sieve.taken());
  }

  @Test
  void itStopsBeforeTheTimeThatIsNotToBeTakenYet() {
    assertEquals(2 * 25, sieve.pass(storm(), 0, STORM, 12));
    assertEquals(4, sieve.taken());
  }

  @Test
  void itBeginsWhereItIsToldTo() {
    assertEquals(STORM, sieve.pass(storm(), 25, STORM, ALL));
    assertEquals(5, sieve.taken());
  }

  @Test
  void untilItIsToldWhomToFollowItPassesOverNothing() {
    Sieve fresh = new Told(false).sieve;
    assertEquals(0, fresh.pass(storm(), 0, STORM, ALL));
    Sieve everything = new Told(true).sieve;
    everything.follow(new int[] {50}, 0);
    assertEquals(0, everything.pass(storm(), 0, STORM, ALL));
  }

  @Test
  void whatItPassesOverIsRemembered() {
    FakeRing ring = new FakeRing();
    Told told = new Told(false);
    told.sieve.follow(new int[] {50}, 0);
    ring.executed(5, 1, "sh");
    ring.forked(10, 70, 70, 1);
    ring.forked(11, 71, 71, 1);
    ring.moved(12, 71, 71);
    assertEquals("[12 71/71 moved, child of 1, sh]", told.of(ALL, ring).toString());
  }
}
