package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Source;
import dev.nsmon.push.Push;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The first source that the kernel grants is used, and it is said which and why.
class FeedsTest {
  private static final MonitorSettings SETTINGS =
      new MonitorSettings(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final List<String> remarks = new ArrayList<>();
  private final List<Push> pushed = new ArrayList<>();

  private Optional<Feed> open(Feed... feeds) {
    return Feeds.open(List.of(feeds), SETTINGS, pushed::add, remarks::add).feed();
  }

  @Test
  void bestIsUsedAndNoOtherIsStarted() {
    FakeSource best = FakeSource.granted();
    FakeSource other = FakeSource.granted();
    Feed perf = new Feed(Source.PERF, best);
    assertEquals(Optional.of(perf), open(perf, new Feed(Source.PROC_CONNECTOR, other)));
    assertTrue(best.isStarted());
    assertFalse(other.isStarted());
    assertEquals(List.of("source: perf, compared with /proc every 30 s"), remarks);
    best.say(new Push.Up());
    assertEquals(List.of(new Push.Up()), pushed);
  }

  @Test
  void whatWasRefusedBeforeIsSaidWithTheReasons() {
    Feed granted = new Feed(Source.PROC_CONNECTOR, FakeSource.granted());
    assertEquals(
        Optional.of(granted), open(new Feed(Source.PERF, FakeSource.refused("EACCES")), granted));
    assertEquals(
        List.of("source: proc-connector, compared with /proc every 30 s (perf: EACCES)"), remarks);
  }

  @Test
  void whereAllAreRefusedItIsSaidThatItPolls() {
    assertEquals(
        Optional.empty(),
        open(
            new Feed(Source.PERF, FakeSource.refused("EACCES")),
            new Feed(Source.PROC_CONNECTOR, FakeSource.refused("no answer"))));
    assertEquals(
        List.of("source: poll every 1 s (perf: EACCES; proc-connector: no answer)"), remarks);
  }

  @Test
  void whereNoneIsWantedThereIsNothingToSay() {
    assertEquals(Optional.empty(), open());
    assertEquals(List.of(), remarks);
  }
}
