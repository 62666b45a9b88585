package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite's library is unpacked into `java.io.tmpdir`; where that can't be, a monitor goes on
/// without a journal.
class JournalNativeTest {
  @TempDir Path directory;

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  /// A monitor says one line, and its events are handed out all the same.
  private void goesOnWithout(String options, byte[] ballast) throws Exception {
    Path tmp = Files.createDirectory(directory.resolve("tmp"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", tmp.toString()),
        "a disk of its own takes the right to mount");
    try {
      Files.write(tmp.resolve("ballast"), ballast);
      Path file = directory.resolve("journal.db");
      Process child = JournalChild.start(file, 1000, "boot-1", "-Djava.io.tmpdir=" + tmp);
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
        assertEquals(
            "remark journal %s can't be used: SQLite's library could not be unpacked and loaded in %s, which must have room and permit execution; this monitor goes on without a journal"
                .formatted(file, tmp),
            lines.readLine());
        assertTrue(lines.readLine().startsWith("next 1 "));
        assertTrue(lines.readLine().startsWith("kept "));
        assertTrue(Files.notExists(file));
      } finally {
        child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } finally {
      assertTrue(run("umount", tmp.toString()));
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
