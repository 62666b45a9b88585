package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Threads that sit elsewhere than their process.
class ProcScannerThreadsTest extends ProcScannerFixture {

  @BeforeEach
  void aProcessWithOneMoreThread() throws IOException {
    settings = settings.withThreads(true);
    proc.process(42, LONG_AGO, NET);
    proc.thread(42, 70, LONG_AGO, NET);
    assumeTrue(
        Files.getAttribute(proc.directory(42, "task"), "unix:nlink").equals(4),
        "this file system does not count directories as links, as proc does");
  }

  @Test
  void threadThatSitsWithItsProcessHasNoRow() throws IOException {
    assertEquals(Map.of("1", "", "42", "net:4290000001.1"), places(look()));
  }

  @Test
  void threadHasItsRowFromItsFirstMoveToItsEnd() throws IOException {
    look();
    proc.link(42, "../task/70/ns/net", OTHER_NET);
    assertEquals("net:4290000002.1", places(look()).get("42/70"));
    proc.link(42, "../task/70/ns/net", NET);
    assertEquals("net:4290000001.1", places(look()).get("42/70"));
    proc.threadExit(42, 70);
    assertEquals(Map.of("1", "", "42", "net:4290000001.1"), places(look()));
  }

  @Test
  void threadHoldsTheNamespaceItIsAloneIn() throws IOException {
    proc.link(42, "../task/70/ns/net", OTHER_NET);
    look();
    assertEquals(List.of(), look().ended());
    proc.threadExit(42, 70);
    assertEquals(List.of("net:4290000002.1 no-holder"), endings(look()));
  }

  @Test
  void threadsEndWithTheirProcess() throws IOException {
    proc.link(42, "../task/70/ns/net", OTHER_NET);
    look();
    proc.zombie(42, 1, LONG_AGO);
    proc.threadExit(42, 70);
    assertEquals(Map.of("1", "", "42", "net:4290000001.1"), places(look()));
  }

  @Test
  void strayThreadIsNamedAsHolderWhereThreadsHaveNoRows() throws IOException {
    settings = settings.withThreads(false);
    proc.link(42, "../task/70/ns/net", OTHER_NET);
    Snapshot look = look();
    assertEquals(List.of(new Holder.StrayThread(42, 70)), look.holders().get("net:4290000002.1"));
    assertEquals(List.of(), look().ended());
  }
}
