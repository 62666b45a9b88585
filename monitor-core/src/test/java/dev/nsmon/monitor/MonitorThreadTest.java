package dev.nsmon.monitor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Source;
import dev.nsmon.log.Present;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The monitor's own thread: it takes what is pushed, answers other threads, and ends.
class MonitorThreadTest extends MonitorFixture {
  @AfterEach
  void end() throws InterruptedException {
    monitor.stop();
    monitor.join();
  }

  @Test
  void itTakesWhatIsPushedAndAnswersWhileItRuns() throws IOException, InterruptedException {
    make(NEVER, NEVER, new Feed(Source.PERF, source));
    monitor.start();
    Present before = monitor.present();
    assertEquals(1, before.snapshot().tasks().size());
    source.say(batch(fork(PID, 1)));
    await().until(() -> monitor.present().seq() > before.seq());
    assertEquals(2, monitor.present().snapshot().tasks().size());
    monitor.stop();
    monitor.join();
    assertEquals(2, monitor.present().snapshot().tasks().size(), "the last state stays");
  }

  @Test
  void stopEndsTheLogAndClosesTheSource() throws IOException, InterruptedException {
    make(NEVER, NEVER, new Feed(Source.PERF, source));
    monitor.start();
    await().until(source::isStarted);
    monitor.stop();
    monitor.stop();
    monitor.join();
    assertEquals(1, source.closed());
    assertTrue(hasEnded());
    assertFalse(monitor.hasFailed());
  }

  @Test
  void stopEndsAPollingMonitorToo() throws IOException, InterruptedException {
    make(NEVER, NEVER, new Feed(Source.PERF, FakeSource.refused("EACCES")));
    monitor.start();
    monitor.stop();
    monitor.join();
    assertTrue(hasEnded());
    assertFalse(monitor.hasFailed());
  }
}
