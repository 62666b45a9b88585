package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalPathTest {
  @Test
  void placeIsTheFirstThatIsNamed() {
    Map<String, String> all =
        Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b", "XDG_STATE_HOME", "/x");
    assertEquals(Path.of("/var/lib/a/journal.db"), JournalPath.standard(all, true, "/root"));
    assertEquals(
        Path.of("/x/nsmon/journal.db"),
        JournalPath.standard(Map.of("XDG_STATE_HOME", "/x"), true, "/root"));
    assertEquals(
        Path.of("/var/lib/nsmon/journal.db"),
        JournalPath.standard(Map.of("XDG_STATE_HOME", "not/absolute"), true, "/root"));
    assertEquals(
        Path.of("/home/eve/.local/state/nsmon/journal.db"),
        JournalPath.standard(Map.of(), false, "/home/eve"));
  }
}
