package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.testing.TestClock;
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
        database.runs().note("ended", Rows.micros(clock.instant()));
      }
      database.commit();
      opener.usedBelow(noted, noted);
    }
  }

  private static Numbering numbering(Opener opener, Database database, Host host) throws Exception {
    return Numbering.of(database, opener.rows(), opener.used(), host);
  }

  private long next(Host host) throws Exception {
    try (Opener opener = opener(host);
        Database database = opener.open("other")) {
      assertEquals("stream", database.stream().stream());
      return numbering(opener, database, host).next();
    }
  }

  @Test
  void newJournalBeginsWithOne() throws Exception {
    try (Opener opener = opener(Life.HOST);
        Database database = opener.open("stream")) {
      assertEquals(1, numbering(opener, database, Life.HOST).next());
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
    assertEquals(11 + Numbering.STRIDE, next(REBOOTED));
  }

  @Test
  void whereMoreWasNotedThanIsWrittenNumbersAreSkippedFromThere() throws Exception {
    run(1, 10, 5_000, true);
    assertEquals(5_000 + Numbering.STRIDE, next(Life.HOST));
  }

  @Test
  void whatTheFileLacksIsLostAndCountedAndWhatWasPassedOverIsNot() throws Exception {
    run(1, 10, 5_000, false);
    assertEquals("11 to 4999: 4989", missing(Life.HOST));
    assertEquals(
        List.of(4999L, 11L, 4999L, 4989L),
        List.of(
            number("SELECT max(seq) FROM events"),
            number("SELECT record ->> 'first' FROM events ORDER BY seq DESC LIMIT 1"),
            number("SELECT record ->> 'last' FROM events ORDER BY seq DESC LIMIT 1"),
            number("SELECT record ->> 'count' FROM events ORDER BY seq DESC LIMIT 1")));
    assertEquals(5_000, number("SELECT first FROM unused"));
    assertEquals(5_000 + Numbering.STRIDE - 1, number("SELECT last FROM unused"));
  }

  @Test
  void whatAPowerFailureMayHaveTakenIsNotLostWithoutEvidence() throws Exception {
    run(1, 10, 11, false);
    assertEquals("nothing", missing(REBOOTED));
    assertEquals(11, number("SELECT first FROM unused"));
    assertEquals(10 + Numbering.STRIDE, number("SELECT last FROM unused"));
  }

  @Test
  void whereNobodyKnowsHowManyWereUsedTheLossHasNoCount() throws Exception {
    run(1, 10, 11, false);
    try (Opener opener = opener(Life.HOST);
        Database _ = opener.open("other")) {
      opener.usedBelow(9_000, 20);
    }
    assertEquals("11 to 19: uncounted", missing(Life.HOST));
  }

  @Test
  void whereNotOneIsKnownToHaveBeenUsedTheLossHasNoNumbers() throws Exception {
    run(1, 10, 11, false);
    try (Opener opener = opener(Life.HOST);
        Database _ = opener.open("other")) {
      opener.usedBelow(9_000, 11);
    }
    assertEquals("some: uncounted", missing(Life.HOST));
  }

  /// What is written of the events that the file lacks.
  private String missing(Host host) throws Exception {
    try (Opener opener = opener(host);
        Database database = opener.open("other")) {
      return numbering(opener, database, host)
          .write(database, host, clock.instant())
          .map(entry -> (EventsLost) entry.event())
          .map(OpenerTest::words)
          .orElse("nothing");
    }
  }

  private static String words(EventsLost lost) {
    return (lost.first().isPresent()
            ? lost.first().getAsLong() + " to " + lost.last().getAsLong()
            : "some")
        + ": "
        + (lost.count().isPresent() ? "" + lost.count().getAsLong() : "uncounted");
  }

  private long number(String query) throws Exception {
    try (var connection = Connections.reader(settings.file())) {
      return Schema.number(connection, query);
    }
  }

  @Test
  void inAFileOfAnotherStreamOneOfItsOwnBeginsAfterAllThatIsThere() throws Exception {
    run(1, 10, 11, true);
    try (Opener opener = opener(Life.HOST);
        Database database = opener.reopen("mine", 1)) {
      assertEquals(new Streams.One(11, "mine"), database.stream());
      assertEquals(List.of(new Streams.One(1, "stream")), database.streams().earlier());
      assertEquals(10, database.lastKey());
      assertEquals(0, database.last());
      assertFalse(opener.wasSetAside());
    }
    assertEquals(List.of(), remarks);
    assertEquals(11, number("SELECT max(first_seq) FROM runs"));
  }

  @Test
  void whatTheFileLacksOfAnotherStreamIsLostInThatOne() throws Exception {
    run(1, 10, 16, false);
    try (Opener opener = opener(Life.HOST);
        Database database = opener.reopen("mine", 1)) {
      assertEquals(new Streams.One(16 + Numbering.STRIDE, "mine"), database.stream());
      assertEquals(15, database.lastKey());
    }
    assertEquals(11, number("SELECT record ->> 'first' FROM events ORDER BY seq DESC LIMIT 1"));
    assertEquals(15, number("SELECT record ->> 'last' FROM events ORDER BY seq DESC LIMIT 1"));
    assertEquals(5, number("SELECT record ->> 'count' FROM events ORDER BY seq DESC LIMIT 1"));
    assertEquals(
        1, number("SELECT record ->> 'stream' = 'stream' FROM events ORDER BY seq DESC LIMIT 1"));
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
