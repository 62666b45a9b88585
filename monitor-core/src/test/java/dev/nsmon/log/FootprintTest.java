package dev.nsmon.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.namespace.Task.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The estimate of heap counts what a process may choose the length of.
class FootprintTest {

  @Test
  void longTextsCount() {
    assertTrue(left("/bin/x".repeat(1000)) >= left("") + 6000);
  }

  private static long left(String exe) {
    ProcessInfo info = new ProcessInfo(1, 1, "comm", exe, 0, List.of(7, 1), "/");
    return Footprint.of(
        new Left(
            new Sighting(Numbered.NOW, Optional.empty(), Source.POLL),
            new Task(7, 0, 1, State.LIVE, NamespaceSet.NONE, info),
            List.of()));
  }
}
