package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.testing.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite's library is unpacked into `java.io.tmpdir`; where that can't be, a monitor goes on
/// without a journal.
class JournalNativeTest {
  @TempDir Path directory;

  /// A monitor says one line, and its events are handed out all the same.
  private void goesOnWithout(String options, byte[] ballast) throws Exception {
    Path tmp = Files.createDirectory(directory.resolve("tmp"));
    Ran mount = Ran.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", tmp.toString());
    assumeTrue(mount.code() == 0, "a disk of its own takes the right to mount");
    try {
      Files.write(tmp.resolve("ballast"), ballast);
      Path file = directory.resolve("journal.db");
      try (JournalChild.Running child =
          JournalChild.start(file, 1000, "boot-1", "-Djava.io.tmpdir=" + tmp)) {
        assertEquals(
            "remark journal %s can't be used: SQLite's library could not be unpacked and loaded in %s, which must have room and permit execution; this monitor goes on without a journal"
                .formatted(file, tmp),
            child.line().orElseThrow());
        assertEquals("next 1", child.line().orElseThrow());
        assertTrue(child.line().orElseThrow().startsWith("kept "));
        assertTrue(Files.notExists(file));
      }
    } finally {
      Ran.of("umount", tmp.toString()).well();
    }
  }

  @Test
  void fullDisk() throws Exception {
    goesOnWithout("size=64k", new byte[56 << 10]);
  }

  @Test
  void diskWithoutExecution() throws Exception {
    goesOnWithout("size=64m,noexec", new byte[1]);
  }
}
