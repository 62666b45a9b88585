package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.Source;
import dev.nsmon.procfs.ScanSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The proc connector says who to look at, and some are gone by then. What is told is true all the
/// same, and at rest nothing is missing.
@ExtendWith(Live.class)
class PushConnectorIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"-pf", "-u", "-n"})
  void whatIsToldOfShortLivesIsTrue(String options) throws Exception {
    try (Pushed pushed = Pushed.begin(Source.PROC_CONNECTOR, ScanSettings.DEFAULT)) {
      Burst burst = Burst.in(directory);
      Burst.Run run = burst.unshare(options, 200);
      assertEquals(200, run.made(), "the load did not go as it should");
      pushed.foldsToAFreshLook();
      int seen = new Lives(pushed.events(), burst.name()).size();
      System.out.printf(
          "unshare %s by the proc connector: %d of 200 told, losses %d%n",
          options, seen, pushed.lost().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"mixed, 200, 1000", "mixed, 200, 0"})
  void whatIsToldOfLivesWithoutExecIsTrue(String kind, int count, int lifeMicros) throws Exception {
    try (Pushed pushed = Pushed.begin(Source.PROC_CONNECTOR, ScanSettings.DEFAULT)) {
      Burst.Run run = Burst.in(directory).run(kind, count, lifeMicros);
      assertEquals(count, run.made(), "the load did not go as it should");
      pushed.foldsToAFreshLook();
    }
  }
}
