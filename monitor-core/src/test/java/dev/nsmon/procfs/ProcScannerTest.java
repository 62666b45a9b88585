package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which rows a look has of processes that come, move and go.
class ProcScannerTest extends ProcScannerFixture {

  @Test
  void processAppearsMovesAndVanishes() throws IOException {
    assertEquals(Map.of("1", ""), places(look()));
    proc.process(42, LATER, NET);
    assertEquals(Map.of("1", "", "42", "net:4290000001.1"), places(look()));
    proc.move(42, OTHER_NET, UTS);
    assertEquals(Map.of("1", "", "42", "net:4290000002.1 uts:4290000003.1"), places(look()));
    proc.exit(42);
    assertEquals(Map.of("1", ""), places(look()));
  }

  @Test
  void rowsAreInTheOrderOfPidsWhateverTheDirectoryLists() throws IOException {
    for (int pid : new int[] {4000, 17, 300, 29, 5000, 18}) {
      proc.process(pid, LONG_AGO);
    }
    assertEquals(
        List.of(1, 17, 18, 29, 300, 4000, 5000), look().tasks().stream().map(Task::pid).toList());
  }

  @Test
  void whatHasNotChangedIsTheSameInstance() throws IOException {
    proc.process(42, LONG_AGO, NET);
    proc.process(43, LONG_AGO, NET);
    look();
    Snapshot before = look();
    Snapshot after = look();
    assertSame(before.tasks(), after.tasks());
    assertSame(before.namespaces(), after.namespaces());
    assertSame(row(after, 42).namespaces(), row(after, 43).namespaces());
    proc.exit(43);
    assertSame(row(before, 42), row(look(), 42));
  }

  @Test
  void processThatIsNewsIsDescribed() throws IOException {
    proc.process(42, LONG_AGO, NET);
    assertEquals(
        new ProcessInfo(
            LONG_AGO, 1, "fake", "/usr/bin/fake", 1000, List.of(42, 2), "/fake.slice/42.scope"),
        row(look(), 42).info());
  }

  @Test
  void processInTheInitialNamespacesIsDescribedOnlyWhereAskedFor() throws IOException {
    assertEquals(ProcessInfo.UNKNOWN, row(look(), 1).info());
    settings = settings.withDescribe(ScanSettings.Describe.ALL);
    try (ProcScanner all = new ProcScanner(settings, clock)) {
      assertEquals("fake", row(all.look(), 1).info().comm());
    }
  }

  @Test
  void noProcessIsDescribedToWhoAsksForNone() throws IOException {
    settings = settings.withDescribe(ScanSettings.Describe.NONE);
    proc.process(42, LONG_AGO, NET);
    Snapshot look = look();
    assertEquals(ProcessInfo.UNKNOWN, row(look, 42).info());
    assertEquals("net:4290000001.1", places(look).get("42"));
  }

  @Test
  void processThatMovesIntoNamespaceOfItsOwnIsDescribedThen() throws IOException {
    proc.process(42, LONG_AGO);
    long instance = row(look(), 42).instance();
    proc.move(42, NET);
    Task moved = row(look(), 42);
    assertEquals(instance, moved.instance());
    assertEquals("fake", moved.info().comm());
  }

  @Test
  void processThatVanishesMidScanIsGoneNotAnError() throws IOException {
    proc.process(42, LONG_AGO, NET);
    Task last = row(look(), 42);
    proc.hollow(42);
    proc.hollow(43);
    Snapshot look = look();
    assertEquals(Optional.of(last), look.ended().getFirst().lastMember());
    assertEquals(Map.of("1", ""), places(look));
    assertEquals(1, look.report().vanished());
    assertEquals(3, look.report().processes());
  }

  @Test
  void reusedPidIsTwoProcesses() throws IOException {
    proc.process(42, LONG_AGO, NET);
    Task before = row(look(), 42);
    proc.process(42, LATER, NET);
    Task after = row(look(), 42);
    assertNotEquals(before.instance(), after.instance());
    assertEquals(LATER, after.info().startTicks());
  }

  @Test
  void reusedPidIsTwoProcessesEvenWhereNothingWasReadOfTheFirst() throws IOException {
    proc.process(42, LONG_AGO);
    Task before = row(look(), 42);
    proc.process(42, LATER);
    assertNotEquals(before.instance(), row(look(), 42).instance());
  }

  @Test
  void directoryMadeAnewIsNoNewProcess() throws IOException {
    proc.process(42, LONG_AGO);
    proc.process(43, LONG_AGO, NET);
    Snapshot before = look();
    proc.process(42, LONG_AGO);
    proc.process(43, LONG_AGO, NET);
    Snapshot after = look();
    assertEquals(row(before, 42).instance(), row(after, 42).instance());
    assertEquals(row(before, 43).instance(), row(after, 43).instance());
  }

  @Test
  void unreadableProcessStaysWhereItWas() throws IOException {
    proc.process(42, LONG_AGO, NET);
    NamespaceSet was = row(look(), 42).namespaces();
    obscure(42);
    Snapshot look = look();
    assertEquals(Task.State.DENIED, row(look, 42).state());
    assertSame(was, row(look, 42).namespaces());
    assertEquals(1, look.report().denied());
    assertEquals(List.of(), look.ended());
    proc.process(42, LONG_AGO, NET);
    assertEquals(row(look, 42).instance(), row(look(), 42).instance());
  }

  @Test
  void strangerThatIsRefusedIsNowhere() throws IOException {
    proc.process(42, LONG_AGO, NET, UTS);
    proc.process(43, LONG_AGO);
    refuse(43);
    assertEquals(
        Map.of("1", "", "42", "net:4290000001.1 uts:4290000003.1", "43", ""), places(look()));
  }

  @Test
  void processThatCanNotBeOpenedIsUnknownNotGone() throws IOException {
    proc.process(42, LONG_AGO, NET);
    look();
    proc.linkInstead(proc.directory(42, ".").normalize(), "42");
    assertEquals("net:4290000001.1", places(look()).get("42"), "ELOOP is not ENOENT");
  }

  @Test
  void reportCountsWhatWasReadAndWhatNot() throws IOException {
    proc.process(42, LONG_AGO, NET);
    proc.process(43, LONG_AGO);
    proc.zombie(43, 1, LONG_AGO);
    proc.hollow(44);
    Snapshot look = look();
    assertEquals(4, look.report().processes());
    assertEquals(1, look.report().zombies());
    assertEquals(1, look.report().vanished());
    assertEquals(0, look.report().denied());
    assertEquals(NOW, look.time());
  }

  @Test
  void mountPointThatIsNotThereIsAnError() {
    settings = settings.withMountPoint(directory + "/none");
    ErrnoException failure = assertThrows(ErrnoException.class, this::look);
    assertEquals(Errno.ENOENT, failure.errno());
  }
}
