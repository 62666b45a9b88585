package dev.nsmon.perf;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A bell rings for whatever any task does, while it is armed and else not.
class PerfBellsIT {
  private static final int LONG_MILLIS = 60_000;

  private final Libc libc = new Libc();
  private final PerfCpus cpus = new PerfCpus(libc, PerfTuning.DEFAULT);
  private PerfBells bells;

  @BeforeEach
  void hang() throws IOException {
    String problem = PerfCheck.problem(libc);
    assumeTrue(problem.isEmpty(), problem);
    cpus.open();
    bells = cpus.bells();
    assertTrue(bells.areThere());
  }

  @AfterEach
  void takeDown() {
    cpus.close();
  }

  private static void fork() {
    Ran.of("true").well();
  }

  @Test
  void ringsForARecord() {
    bells.arm();
    fork();
    assertTrue(bells.await(0));
    bells.disarm();
    assertFalse(cpus.areEmpty(), "what rang is in a ring");
  }

  @Test
  void isSilentWhileNobodyWaits() {
    bells.arm();
    bells.disarm();
    bells.await(0); // What others have done meanwhile.
    fork();
    assertFalse(bells.await(0));
  }

  @Test
  @Tag("full")
  void ringsAgainHoweverMuchItHasRung() {
    bells.arm();
    for (int i = 0; i < 200; i++) {
      fork(); // More than its ring holds.
    }
    assertTrue(bells.await(0));
    bells.await(0);
    fork();
    assertTrue(bells.await(0));
    bells.disarm();
  }

  @Test
  void whoWaitsCanBeWoken() {
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<Boolean> woken =
        CompletableFuture.supplyAsync(
            () -> {
              waits.countDown();
              return bells.await(LONG_MILLIS);
            });
    await().until(() -> waits.getCount() == 0);
    bells.wake();
    await().atMost(Duration.ofSeconds(10)).until(woken::isDone);
    assertTrue(woken.join());
  }
}
