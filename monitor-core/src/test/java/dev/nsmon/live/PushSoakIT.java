package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// In a long storm of clone, fork and unshare all that perf records tell is true and nothing is
/// missing: each namespace begins once and ends once, nobody joins one that has ended, and
/// comparing with `/proc` every second finds nothing to add.
///
/// A minute long; an hour with `-Dnsmon.soak=3600`.
@ExtendWith(Live.class)
@Tag("full")
class PushSoakIT {
  private static final Path STRESS = Path.of("/usr/bin/stress-ng");
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("nsmon.soak", 60));

  /// Enough for what it has begun to end.
  private static final Duration GRACE = Duration.ofMinutes(1);

  @TempDir private Path directory;

  @Test
  void aStormIsToldAsItWas() throws Exception {
    assumeTrue(Files.isExecutable(STRESS), "there is no stress-ng to raise a storm with");
    try (Pushed pushed = Pushed.forLong(Duration.ofSeconds(1))) {
      storm();
      System.out.println("events told in the storm: " + pushed.count());
      pushed.foldsToAFreshLook();
      pushed.staysAsItIs();
      List<EventsLost> lost = pushed.lost();
      for (EventsLost one : lost) {
        assertEquals(EventsLost.Where.KERNEL, one.where(), one::toString);
        assertTrue(one.count().orElseThrow() > 0, one::toString);
      }
      assertTrue(pushed.count() > 10 * LENGTH.toSeconds(), () -> "no storm: " + pushed.count());
    }
  }

  /// Short storms one after the other: stress-ng leaves its children unreaped as long as it runs,
  /// and the host has but so many pids. Few children at a time: each may hold a network namespace,
  /// whose end takes the kernel long.
  private void storm() throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() < end) {
      Process storm =
          new ProcessBuilder(
                  STRESS.toString(),
                  "--quiet",
                  "--temp-path",
                  directory.toString(),
                  "--timeout",
                  "4s",
                  "--clone",
                  "1",
                  "--clone-max",
                  "16",
                  "--fork",
                  "1",
                  "--unshare",
                  "1")
              .redirectError(Redirect.INHERIT)
              .redirectOutput(Redirect.INHERIT)
              .start();
      try {
        boolean ended = storm.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(ended, "the storm does not end");
        assertEquals(0, storm.exitValue(), "the storm could not be raised");
      } finally {
        storm.descendants().forEach(ProcessHandle::destroyForcibly);
        storm.destroyForcibly().waitFor();
        storm.getOutputStream().close();
      }
    }
  }
}
