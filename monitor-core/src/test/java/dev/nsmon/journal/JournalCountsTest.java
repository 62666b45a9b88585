package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a journal has lost is counted, and numbers that were never used are not.
final class JournalCountsTest {
  private static final int EVENTS = 1000;

  @TempDir private Path directory;
  private Path file;

  /// A journal as `kill -9` leaves it whose log of pages has lost its second half.
  @BeforeEach
  void cut() throws Exception {
    Path made = directory.resolve("made.db");
    file = directory.resolve("cut.db");
    try (Life life = new Life(made)) {
      for (int i = 0; i < EVENTS; i += 50) {
        life.tell(50);
        life.kept(i + 1);
      }
      Files.copy(made, file);
      Files.copy(JournalFile.wal(made), JournalFile.wal(file));
      Files.copy(JournalLock.of(made), JournalLock.of(file));
    }
    try (FileChannel wal = FileChannel.open(JournalFile.wal(file), StandardOpenOption.WRITE)) {
      wal.truncate(wal.size() / 2);
    }
  }

  @Test
  void sinksAreToldWhatWasLostAndNothingOfNumbersThatWereNeverUsed() throws Exception {
    List<Entry> told;
    long next;
    try (Life life = new Life(file)) {
      next = life.journal.nextSeq();
      life.tell(10);
      told = life.kept(1);
    }
    assertTrue(next > EVENTS + Numbering.STRIDE, () -> "" + next);
    assertLossIsExact(told, next);
    assertLossIsExact(history(), next);
    // And it stays so.
    try (Life life = new Life(file)) {
      assertEquals(next + 10, life.journal.nextSeq());
      assertEquals(life.journal.nextSeq(), life.journal.begin());
      life.tell(10);
      assertLossIsExact(life.kept(1).subList(0, told.size()), next);
    }
  }

  @Test
  void lossIsTheFirstThatTheRunHasToTell() throws Exception {
    try (Life life = new Life(file)) {
      life.tell(1);
      List<Entry> entries = life.kept(life.journal.begin());
      assertEquals(EVENTS, life.journal.begin());
      assertEquals(
          List.of(Kind.EVENTS_LOST, Life.event(life.journal.nextSeq()).kind()),
          entries.stream().map(Entry::kind).toList());
    }
  }

  /// Each event was told, or is among those that are said to be lost.
  private static void assertLossIsExact(List<Entry> told, long next) {
    List<Entry> losses = told.stream().filter(one -> one.kind() == Kind.EVENTS_LOST).toList();
    assertEquals(1, losses.size(), losses::toString);
    EventsLost lost = (EventsLost) losses.getFirst().event();
    int before = told.indexOf(losses.getFirst());
    assertTrue(before > 0 && before < EVENTS, () -> "" + before);
    assertEquals(before + 1, lost.first().orElseThrow());
    assertEquals(EVENTS, lost.last().orElseThrow());
    assertEquals(EVENTS - before, lost.count().orElseThrow());
    assertEquals(next, told.get(before + 1).seq());
    assertEquals(before + 1 + 10, told.size());
  }

  private List<Entry> history() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(file, InstantSource.system())) {
      reader.events(Instant.MIN, Instant.MAX, (_, entry) -> entries.add(entry));
    }
    return entries;
  }
}
