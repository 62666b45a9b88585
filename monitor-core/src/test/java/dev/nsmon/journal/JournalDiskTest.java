package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.log.Entry;
import dev.nsmon.testing.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk of 8 MiB that fills up, and one that can't be written.
class JournalDiskTest {
  @TempDir Path directory;
  private Path disk;
  private boolean isMounted;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    isMounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    assumeTrue(isMounted, "a disk of its own takes the right to mount");
  }

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      assertTrue(run("umount", disk.toString()));
    }
  }

  private static boolean run(String... command) {
    return Ran.of(command).code() == 0;
  }

  private Life life(long memory) {
    return new Life(
        new JournalSettings(disk.resolve("journal.db")),
        Life.HOST,
        Life.CLOCK,
        memory,
        Duration.ofSeconds(1));
  }

  @Test
  void fullDiskIsSaidOnceAndWhatItMissedIsLostByName() throws Exception {
    try (Life life = life(256 << 10)) {
      life.tell(100);
      life.kept(1);
      Files.write(disk.resolve("ballast"), new byte[6 << 20]);
      for (int i = 0; i < 100; i++) {
        life.tell(100);
        life.kept(life.log.nextSeq() - 1);
      }
      life.awaitRemark("has no room: the disk is full; until it works again");
      assertEquals(1, life.remarks.size(), life.remarks::toString);
      assertTrue(life.journal.isFailing());
      long before = life.log.nextSeq();
      life.tell(10);
      assertEquals(10, life.kept(before).size(), "live readers go on");
      Files.delete(disk.resolve("ballast"));
      life.awaitRemark("journal.db works again");
      assertEquals(2, life.remarks.size(), life.remarks::toString);
      assertFalse(life.journal.isFailing());
      life.tell(10);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !life.journal.read(before + 19, 1).isEmpty());
      long next = 1;
      int losses = 0;
      for (Entry entry : life.kept(1)) {
        losses += entry.kind() == Kind.EVENTS_LOST ? 1 : 0;
        assertTrue(entry.seq() == next || entry.kind() == Kind.EVENTS_LOST, "gap before " + entry);
        next = entry.seq() + 1;
      }
      assertEquals(1, losses);
      assertEquals(life.log.nextSeq(), next);
    }
    try (Life life = life(1 << 20)) {
      assertEquals(10_121, life.journal.nextSeq());
      assertTrue(life.journal.lastState().isPresent());
    }
  }

  @Test
  void numbersOfAFailingJournalAreNotUsedAgain() throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (Life life = life(256 << 10)) {
      life.tell(100);
      life.kept(1);
      Files.write(disk.resolve("ballast"), new byte[7 << 20]);
      life.tell(5000);
      life.awaitRemark("the disk is full");
      life.tell(50_000);
      for (String part : List.of("", "-wal", ".lock")) {
        Files.copy(disk.resolve("journal.db" + part), copy.resolve("journal.db" + part));
      }
    }
    try (Life life = new Life(copy.resolve("journal.db"))) {
      assertTrue(life.journal.nextSeq() > 55_100, () -> "next is " + life.journal.nextSeq());
    }
  }

  @Test
  void fileThatWasRemovedIsBegunAnewAndNothingElseIsSaid() throws Exception {
    try (Life life = life(1 << 20)) {
      life.tell(10);
      life.kept(1);
      for (String part : List.of("", "-wal", "-shm", ".lock")) {
        Files.delete(disk.resolve("journal.db" + part));
      }
      life.awaitRemark("journal.db was removed: a new one is begun");
      life.tell(10);
      Awaitility.await()
          .until(() -> life.kept(11).size() == 10 && life.journal.read(1, 20).size() == 10);
      assertEquals(1, life.remarks.size(), life.remarks::toString);
      assertFalse(life.journal.wasSetAside());
    }
    try (Stream<Path> left = Files.list(disk)) {
      assertEquals(
          List.of("journal.db", "journal.db.lock"),
          left.map(one -> one.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void fileThatWasReplacedIsKept() throws Exception {
    Path letter = Files.writeString(disk.resolve("letter.txt"), "Dear all,\n");
    try (Life life = life(1 << 20)) {
      life.tell(10);
      life.kept(1);
      Files.move(letter, disk.resolve("journal.db"), StandardCopyOption.REPLACE_EXISTING);
      life.awaitRemark("was replaced by another file: it is now journal.db.replaced-");
    }
    try (Stream<Path> left = Files.list(disk)) {
      Path kept =
          left.filter(one -> one.toString().matches(".*replaced-[0-9TZ-]*"))
              .findFirst()
              .orElseThrow();
      assertEquals("Dear all,\n", Files.readString(kept));
    }
  }

  @Test
  void readOnlyDiskIsTriedAgain() throws Exception {
    assertTrue(run("mount", "-o", "remount,ro", disk.toString()));
    try (Life life = life(1 << 20)) {
      assertEquals(1, life.remarks.size(), life.remarks::toString);
      assertTrue(life.journal.isFailing());
      assertFalse(life.journal.isOutOfUse());
      life.tell(10);
      assertEquals(10, life.kept(1).size());
      assertTrue(run("mount", "-o", "remount,rw", disk.toString()));
      life.awaitRemark("journal.db works again");
      Awaitility.await().until(() -> life.journal.read(1, 20).size() == 10);
    }
  }
}
