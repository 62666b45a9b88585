package dev.nsmon.perf;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is lost is counted, and CPUs come and go.
class PerfCpusIT {
  private static final Path ONLINE = PerfTuning.DEFAULT.onlineCpus();
  private static final Push.Lost UNKNOWN = new Push.Lost(OptionalLong.empty());

  /// On each CPU: the one with the ring that is read, and its bell.
  private static final int EVENTS = 2;

  @TempDir Path directory;

  private final Heard heard = new Heard();

  @BeforeEach
  void needPerf() {
    String problem = PerfCheck.problem(new Libc());
    assumeTrue(problem.isEmpty(), problem);
  }

  private static PerfTuning tuning(int ringBytes, Path online) {
    PerfTuning usual = PerfTuning.DEFAULT;
    return new PerfTuning(
        ringBytes,
        online,
        usual.holdNanos(),
        usual.busyNanos(),
        usual.idleNanos(),
        usual.stormNanos(),
        usual.readFormat());
  }

  /// That many processes begin and end, and write more than a ring of 64 KiB holds.
  private static void storm(int forks) {
    String loop = "i=0; while [ $i -lt " + forks + " ]; do (:); i=$((i+1)); done";
    Ran.of("sh", "-c", loop).well();
  }

  /// How many records older than this are in the rings, but for those that say what was lost.
  private static int take(PerfCpus cpus, long until) {
    int count = 0;
    for (PerfRing ring : cpus.rings()) {
      ring.look();
      while (ring.time < until) {
        count += PerfDecoder.type(ring.words[ring.at]) == PerfDecoder.LOST ? 0 : 1;
        ring.next();
      }
      ring.release();
    }
    return count;
  }

  @Test
  void whatIsReadAndWhatIsLostIsAllThatWasWritten() throws IOException, InterruptedException {
    Libc libc = new Libc();
    try (PerfCpus large = new PerfCpus(libc, PerfTuning.DEFAULT);
        PerfCpus tiny = new PerfCpus(libc, tuning(64 * 1024, ONLINE))) {
      large.open();
      tiny.open();
      assumeTrue(tiny.countsLost(), "the kernel does not count what it loses (Linux 6.0)");
      long start = System.nanoTime();
      take(large, start);
      take(tiny, start);
      storm(1000);
      long end = System.nanoTime();
      int read = take(tiny, end);
      long lost = tiny.drainLost();
      int written = take(large, end);
      // What the host wrote since, the tiny ring may have lost as well.
      int since = take(large, Long.MAX_VALUE);
      assertTrue(lost > 500, "lost " + lost);
      assertEquals(0, large.drainLost());
      String sums = read + " + " + lost + " of " + written + " + " + since;
      assertTrue(read + lost >= written && read + lost <= written + since, sums);
    }
  }

  @Test
  @Tag("full")
  void whileNobodyListensRecordsAreLostAndThatIsToldOnce()
      throws IOException, InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Heard reference = new Heard();
    long opening;
    long opened;
    long end;
    try (PerfSource all =
            new PerfSource(Heard.own(), true, HostClock.SYSTEM, tuning(16 << 20, ONLINE));
        PerfSource tiny =
            new PerfSource(Heard.own(), true, HostClock.SYSTEM, tuning(64 * 1024, ONLINE))) {
      all.start(reference);
      opening = System.nanoTime();
      tiny.start(
          push -> {
            begun.countDown();
            assertDoesNotThrow(() -> held.await(60, TimeUnit.SECONDS));
            heard.accept(push);
          });
      opened = System.nanoTime();
      begun.await();
      storm(1000);
      held.countDown();
      heard.untilNow();
      storm(10);
      end = System.nanoTime();
      heard.awaitUntil(end + 2_100_000_000L); // It reads the counters each second.
      reference.untilNow();
    }
    assertEquals(List.of(), reference.others());
    long lost = 0;
    for (Push push : heard.others()) {
      lost += ((Push.Lost) push).count().orElseThrow();
    }
    long written = count(reference, opening, end);
    long missing = written - count(heard, opening, end);
    // What was written while it was opened, and what may have been lost after the last storm.
    long early = count(reference, opening, opened);
    long late = count(reference, end, Long.MAX_VALUE);
    String sums = lost + " lost, " + missing + " missing, " + early + " early, " + late + " late";
    assertTrue(missing > 500, sums);
    assertTrue(lost >= missing - early && lost <= missing + late, sums);
    assertEquals("", heard.disorder());
  }

  /// How many perf records of that time it has: a fork is two, if that of its namespaces is there.
  private static long count(Heard of, long from, long until) {
    return of.records().stream()
        .filter(record -> record.nanos() >= from && record.nanos() < until)
        .mapToLong(
            record ->
                record instanceof KernelRecord.Forked fork && !fork.inodes().equals(Inodes.NONE)
                    ? 2
                    : 1)
        .sum();
  }

  @Test
  @Tag("full")
  void cpusComeAndGo() throws IOException {
    BitSet cpus = CpuList.parse(Files.readString(ONLINE));
    assumeTrue(cpus.cardinality() > 1, "there is but one CPU");
    int first = cpus.nextSetBit(0);
    Path online = directory.resolve("online");
    Files.writeString(online, first + "\n");
    int before = events();
    try (PerfSource source =
        new PerfSource(Heard.own(), false, HostClock.SYSTEM, tuning(1 << 20, online))) {
      source.start(heard);
      assertEquals(before + EVENTS, events());
      heard.awaitUntil(System.nanoTime() + 1_100_000_000L);
      assertEquals(List.of(), unknown());

      Files.writeString(online, first + "," + cpus.nextSetBit(first + 1) + "\n");
      await().until(() -> unknown().equals(List.of(UNKNOWN)));
      assertEquals(before + 2 * EVENTS, events());
      heard.awaitUntil(System.nanoTime() + 1_100_000_000L);

      Files.writeString(online, first + "\n");
      await().until(() -> events() == before + EVENTS);
      assertEquals(List.of(UNKNOWN), unknown());
    }
    assertEquals(before, events());
  }

  @Test
  void aCpuThatCanNotBeWatchedIsSaidEverySecond() throws IOException {
    Path online = directory.resolve("online");
    Files.copy(ONLINE, online);
    try (PerfSource source =
        new PerfSource(Heard.own(), false, HostClock.SYSTEM, tuning(1 << 20, online))) {
      source.start(heard);
      Files.writeString(online, Files.readString(ONLINE).strip() + ",4000\n");
      await().until(() -> unknown().equals(List.of(UNKNOWN, UNKNOWN)));
    }
  }

  /// What it said but for counted loss, which others on the host may cause.
  private List<Push> unknown() {
    return heard.others().stream().filter(UNKNOWN::equals).toList();
  }

  /// How many perf events this JVM has open.
  private static int events() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> list = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : list) {
        if (Files.isSymbolicLink(entry)
            && Files.readSymbolicLink(entry).toString().equals("anon_inode:[perf_event]")) {
          count++;
        }
      }
    }
    return count;
  }

  @Test
  void whatIsNoListOfCpusIsRefused() throws IOException {
    Path online = directory.resolve("online");
    Files.writeString(online, "0-\n");
    try (PerfSource source =
        new PerfSource(Heard.own(), false, HostClock.SYSTEM, tuning(64 * 1024, online))) {
      IOException refusal = assertThrows(IOException.class, () -> source.start(heard));
      assertEquals("not a list of CPUs: 0-", refusal.getMessage());
    }
  }

  @Test
  void aBugIsSaidAndEndsIt() throws IOException {
    try (PerfSource source = new PerfSource(Heard.own(), false, HostClock.SYSTEM)) {
      source.start(
          push -> {
            if (!(push instanceof Push.Down)) {
              throw new IllegalStateException("planted");
            }
            heard.accept(push);
          });
      await().until(() -> !heard.others().isEmpty());
      assertEquals(
          List.of(
              new Push.Down(
                  "the perf source has failed, which is a bug: "
                      + "java.lang.IllegalStateException: planted")),
          heard.others());
    }
  }
}
