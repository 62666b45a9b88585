package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.testing.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which number the first event of a run gets: none that may have been used. And what becomes of a
/// file that can't be gone on with.
final class OpenerTest {
  private static final Host REBOOTED = new Host("alpha", "0123456789abcdef", "boot-2");

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private final List<String> remarks = new ArrayList<>();
  private JournalSettings settings;

  @BeforeEach
  void loadNative() throws Exception {
    settings = new JournalSettings(directory.resolve("journal.db"));
  }

  private Opener opener(Host host) {
    return new Opener(settings, host, clock, remarks::add, new ReadPool(settings.file(), clock));
  }

  /// A run that writes the events of these numbers.
  ///
  /// @param noted below which number it notes that all may have been used
  /// @param ends whether it ends in order
  private void run(long first, long last, long noted, boolean ends) throws Exception {
    try (Opener opener = opener(Life.HOST);
        Database database = opener.open("stream")) {
      opener.beginRun(database, first);
      database.begin();
      List<Entry> entries =
          LongStream.rangeClosed(first, last)
              .mapToObj(seq -> new Entry(seq, Life.event(seq)))
              .toList();
      database.insert(entries, new RecordEncoder(new JsonFormat(Life.HOST, "stream")));
      if (ends) {
        database.note("ended", Rows.micros(clock.instant()));
      }
      database.commit();
      opener.usedBelow(noted);
    }
  }

  private long next(Host host) throws Exception {
    try (Opener opener = opener(host);
        Database database = opener.open("other")) {
      assertEquals("stream", database.stream());
      return opener.nextSeq(database);
    }
  }

  @Test
  void newJournalBeginsWithOne() throws Exception {
    try (Opener opener = opener(Life.HOST);
        Database database = opener.open("stream")) {
      assertEquals(1, opener.nextSeq(database));
    }
    assertEquals(List.of(), remarks);
  }

  @Test
  void itGoesOnAfterTheLastThatIsWritten() throws Exception {
    run(1, 10, 11, true);
    assertEquals(11, next(Life.HOST));
    assertEquals(11, next(REBOOTED));
  }

  @Test
  void afterAKillInTheSameBootNothingThatWasWrittenIsMissing() throws Exception {
    run(1, 10, 11, false);
    assertEquals(11, next(Life.HOST));
  }

  @Test
  void whereThePowerMayHaveFailedNumbersAreSkipped() throws Exception {
    run(1, 10, 11, false);
    assertEquals(11 + Opener.STRIDE, next(REBOOTED));
  }

  @Test
  void whereMoreWasNotedThanIsWrittenNumbersAreSkippedFromThere() throws Exception {
    run(1, 10, 5_000, true);
    assertEquals(5_000 + Opener.STRIDE, next(Life.HOST));
  }

  @Test
  void fileOfAnotherStreamIsSetAsideWhenAJournalGoesOn() throws Exception {
    run(1, 10, 11, true);
    try (Opener opener = opener(Life.HOST);
        Database database = opener.reopen("mine", 11)) {
      assertEquals("mine", database.stream());
      assertEquals(0, database.last());
      assertTrue(opener.wasSetAside());
    }
    assertEquals(
        List.of(
            "journal "
                + settings.file()
                + " has another stream than this monitor: it is now"
                + " journal.db.before-2026-11-23T120000Z, and a new one is begun"),
        remarks);
    assertTrue(Files.exists(directory.resolve("journal.db.before-2026-11-23T120000Z")));
  }

  @Test
  void fileThatIsGoneOnWithStaysWhereItIs() throws Exception {
    run(1, 10, 11, true);
    try (Opener opener = opener(Life.HOST);
        Database database = opener.reopen("stream", 11)) {
      assertEquals(10, database.last());
      assertFalse(opener.wasSetAside());
    }
    assertEquals(List.of(), remarks);
  }
}
