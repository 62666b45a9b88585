package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.AttentionRules;
import dev.nsmon.event.KnownGood;
import dev.nsmon.event.Naming;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.monitor.MonitorSettings;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.Sink;
import dev.nsmon.sink.Supervisor;
import dev.nsmon.testing.TestClock;
import dev.nsmon.websocket.Condition;
import dev.nsmon.websocket.EventCounter;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The condition is that of the parts as they work, on this host.
final class ServingConditionTest {
  private final EventLog log = new EventLog("s", 16 << 20, InstantSource.system());
  private final CountDownLatch released = new CountDownLatch(1);
  private final TestClock pumpClock = new TestClock();
  private final Supervisor supervisor =
      new Supervisor(_ -> {}, new NoExit(), pumpClock::sleep, pumpClock::nanoTime);
  private Monitor monitor;

  private static final class NoExit implements Supervisor.Exit {
    @Override
    public void orderly() {
      throw new AssertionError("nothing ends here");
    }

    @Override
    public void now() {
      throw new AssertionError("nothing ends here");
    }
  }

  private final class Blocked implements Sink {
    @Override
    public Appetite write(List<Entry> entries) {
      await().forever().until(() -> released.getCount() == 0);
      return Appetite.ENOUGH;
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void stop() throws InterruptedException {
    released.countDown();
    monitor.stop();
    monitor.join();
  }

  private Pumps.Carrying carrying(Pump pump) {
    return new Pumps.Carrying(pump, log);
  }

  @Test
  void itFollowsMonitorAndSinks() throws IOException {
    monitor =
        new Monitor(
            new ProcScanner(ScanSettings.DEFAULT, HostClock.SYSTEM),
            new SnapshotDiff(true),
            new AttentionRules(KnownGood.runtimes()),
            Naming.NONE,
            log,
            new MonitorSettings(Duration.ofMillis(100), Duration.ofSeconds(30)),
            List.of(),
            Optional.empty(),
            _ -> {},
            _ -> {},
            HostClock.SYSTEM);
    List<Pumps.Carrying> pumps =
        List.of(
            carrying(Pump.start("metrics", log.from(1), new EventCounter(), pumpClock::nanoTime)),
            carrying(Pump.start("blocked", log.from(1), new Blocked(), pumpClock::nanoTime)));
    ServingCondition condition =
        new ServingCondition(
            monitor.stats(),
            monitor.standstill(),
            log,
            Optional.empty(),
            true,
            () -> pumps,
            supervisor,
            () -> new Condition.Clients(3, 2, 1, 5),
            Duration.ofSeconds(30));
    assertTrue(condition.get().lastLook().isEmpty());
    assertEquals(0, condition.get().seq());
    monitor.start();
    await().until(() -> condition.get().lastLook().isPresent());
    await().until(() -> condition.get().sinks().getFirst().lag().orElseThrow() == 0);
    Condition now = condition.get();
    assertTrue(now.seq() > 0);
    assertEquals(new Condition.Clients(3, 2, 1, 5), now.clients());
    assertEquals("poll", now.feeding().orElseThrow().source());
    assertFalse(now.journal().orElseThrow().works(), "wanted and not there");
    assertTrue(now.looks().getFirst().counts().stream().mapToLong(Long::longValue).sum() > 0);
    assertEquals("blocked", now.sinks().get(1).sink());
    assertTrue(now.sinks().get(1).lag().orElseThrow() > 0);
    assertEquals(Condition.State.RUNNING, now.sinks().get(1).state());
    pumpClock.advance(Duration.ofMillis(1499));
    assertEquals(Condition.State.RUNNING, condition.get().sinks().get(1).state());
    pumpClock.advance(Duration.ofMillis(1));
    await().until(() -> condition.get().sinks().get(1).state() == Condition.State.STALLED);
    released.countDown();
    await().until(() -> condition.get().sinks().get(1).state() == Condition.State.ENDED);
    await().until(() -> condition.get().sinks().getFirst().state() == Condition.State.RUNNING);
  }
}
