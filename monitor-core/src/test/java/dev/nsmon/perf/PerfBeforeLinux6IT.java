package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.push.Push;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A kernel that does not count what it loses (`PERF_FORMAT_LOST`, Linux 6.0), which this one is
/// when it is not asked to: CPUs stay watched, and losses are those that LOST records name.
class PerfBeforeLinux6IT {
  private static final Push.Lost UNKNOWN = new Push.Lost(OptionalLong.empty());

  private final Heard heard = new Heard();

  /// How far the source's clock is ahead of the machine's.
  private final AtomicLong ahead = new AtomicLong();

  private final HostClock clock =
      new HostClock() {
        @Override
        public Instant instant() {
          return HostClock.SYSTEM.instant();
        }

        @Override
        public long nanoTime() {
          return HostClock.SYSTEM.nanoTime() + ahead.get();
        }
      };

  @BeforeEach
  void needPerf() {
    String problem = PerfCheck.problem(new Libc());
    assumeTrue(problem.isEmpty(), problem);
  }

  private static PerfTuning tuning(int ringBytes) {
    PerfTuning usual = PerfTuning.DEFAULT;
    return new PerfTuning(
        ringBytes,
        usual.onlineCpus(),
        usual.holdNanos(),
        usual.busyNanos(),
        usual.idleNanos(),
        usual.stormNanos(),
        PerfAttr.FORMAT_TOTAL_TIME_ENABLED);
  }

  @Test
  void cpusInUseStayWatched() throws IOException {
    try (PerfCpus cpus = new PerfCpus(new Libc(), tuning(64 * 1024))) {
      cpus.open();
      assertFalse(cpus.countsLost());
      PerfRing[] rings = cpus.rings();
      for (int i = 0; i < 3; i++) {
        assertFalse(cpus.update(), "a CPU is taken for one that is not watched");
        assertArrayEquals(rings, cpus.rings());
      }
    }
  }

  @Test
  void noLossIsReportedEachSecond() throws IOException {
    try (PerfSource source = new PerfSource(Heard.own(), false, clock, tuning(1 << 20))) {
      source.start(heard);
      for (int i = 0; i < 4; i++) {
        ahead.addAndGet(1_100_000_000L);
        // The source looks after the CPUs in the drain before it says so.
        heard.awaitUntil(clock.nanoTime());
      }
    }
    assertFalse(heard.others().contains(UNKNOWN), () -> "" + heard.others());
  }

  @Test
  void whatLostRecordsNameIsReported() throws IOException, InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (PerfSource source = new PerfSource(Heard.own(), true, clock, tuning(64 * 1024))) {
      source.start(
          push -> {
            begun.countDown();
            assertDoesNotThrow(() -> held.await(60, TimeUnit.SECONDS));
            heard.accept(push);
          });
      begun.await();
      storm(1000);
      held.countDown();
      heard.untilNow();
      // The kernel writes a LOST record before the first that fits again.
      storm(10);
      heard.untilNow();
    }
    List<Push> losses = heard.others();
    assertFalse(losses.contains(UNKNOWN), () -> "" + losses);
    long lost = losses.stream().mapToLong(one -> ((Push.Lost) one).count().orElseThrow()).sum();
    assertTrue(lost > 500, "lost " + lost);
  }

  /// That many processes begin and end.
  private static void storm(int forks) {
    String loop = "i=0; while [ $i -lt " + forks + " ]; do (:); i=$((i+1)); done";
    Ran.of("sh", "-c", loop).well();
  }
}
