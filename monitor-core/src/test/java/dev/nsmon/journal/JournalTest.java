package dev.nsmon.journal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final long MEMORY = 64 << 20;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("state/nsmon/journal.db");
  }

  @Test
  void whatWasToldIsThereAfterRestartByteForByte() throws IOException, InterruptedException {
    String stream;
    try (Life life = new Life(file)) {
      stream = life.journal.stream();
      life.tell(100);
      life.kept(1);
      life.journal.cursor("kafka", 42);
    }
    try (Life life = new Life(file)) {
      assertEquals(List.of(), life.remarks);
      assertEquals(101, life.journal.nextSeq());
      assertEquals(stream, life.journal.stream());
      assertEquals(OptionalLong.of(42), life.journal.cursor("kafka"));
      assertEquals(OptionalLong.empty(), life.journal.cursor("other"));
      life.tell(5);
      List<Entry> entries = life.kept(1);
      assertEquals(105, entries.size());
      long least = 105L * entries.getFirst().json().orElseThrow().length;
      await().until(() -> life.journal.bytes() > least);
      for (int i = 0; i < 100; i++) {
        assertEquals(i + 1, entries.get(i).seq());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        new JsonFormat(Life.HOST, stream).write(i + 1, Life.event(i + 1), line);
        byte[] expected = line.toByteArray();
        byte[] json = entries.get(i).json().orElseThrow();
        assertArrayEquals(Arrays.copyOf(expected, expected.length - 1), json);
        assertEquals(Life.event(i + 1).kind(), entries.get(i).event().kind());
      }
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
  }

  /// Sinks have some seconds after the log's end to take what is left.
  @Test
  void whatIsNotedAfterTheLogsEndIsKept() throws InterruptedException {
    CountDownLatch writerIsDone = new CountDownLatch(1);
    HostClock clock = clockOfAWriterThatWaits(writerIsDone);
    try (Life life = new Life(new JournalSettings(file), Life.HOST, clock, MEMORY)) {
      life.tell(10);
      life.kept(1);
      life.journal.cursor("kafka", 5);
      life.log.close();
      await().until(() -> writerIsDone.getCount() == 0 || !hasThread("journal"));
      life.journal.cursor("kafka", 11);
      life.journal.born("0:4097");
    }
    try (Life life = new Life(file)) {
      assertEquals(OptionalLong.of(11), life.journal.cursor("kafka"));
      assertEquals(Optional.of("0:4097"), life.journal.born());
    }
  }

  private static HostClock clockOfAWriterThatWaits(CountDownLatch isDone) {
    return new HostClock() {
      @Override
      public Instant instant() {
        return Life.CLOCK.instant();
      }

      @Override
      public long nanoTime() {
        return Life.CLOCK.nanoTime();
      }

      @Override
      public boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
        isDone.countDown();
        return Life.CLOCK.await(latch, atMost);
      }
    };
  }

  private static boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(one -> one.getName().equals(name));
  }

  @Test
  void stateIsThatOfTheLastEvent() throws InterruptedException {
    String expected;
    try (Life life = new Life(file)) {
      life.tell(45_001);
      life.kept(1);
      expected = Life.shown(life.state());
      life.journal.looked(Life.BEGIN.plus(Duration.ofDays(1)));
    }
    try (Life life = new Life(file)) {
      LastState last = life.journal.lastState().orElseThrow();
      assertEquals(expected, Life.shown(last.state()));
      assertEquals("boot-1", last.bootId());
      assertEquals(1, last.run());
      assertEquals(Life.BEGIN.plus(Duration.ofDays(1)), last.time());
    }
  }

  @Test
  void powerFailureSkipsNumbersThatAreNotLost() throws Exception {
    Host rebooted = new Host("alpha", Life.HOST.id(), "boot-2");
    try (Life life = new Life(file)) {
      life.tell(10);
      life.kept(1);
      copy("copy.db");
    }
    Path copy = directory.resolve("copy.db");
    try (Life life = new Life(new JournalSettings(copy), rebooted, Life.CLOCK, MEMORY)) {
      assertEquals(100_011, life.journal.nextSeq());
      life.tell(1);
      List<Entry> entries = life.kept(10);
      assertEquals(List.of(10L, 100_011L), entries.stream().map(Entry::seq).toList());
    }
    try (Life life = new Life(copy)) {
      assertEquals(100_012, life.journal.nextSeq(), "it ended in order");
    }
  }

  private void copy(String name) throws IOException {
    for (String part : List.of("", "-wal", "-shm")) {
      Files.copy(file.resolveSibling("journal.db" + part), directory.resolve(name + part));
    }
  }

  @Test
  void memoryIsSmallerThanTheBacklog() throws InterruptedException {
    try (Life life = new Life(new JournalSettings(file), Life.HOST, Life.CLOCK, 256 << 10)) {
      for (int i = 0; i < 100; i++) {
        life.tell(200);
        life.kept(life.log.nextSeq() - 1);
      }
      List<Entry> entries = life.kept(1);
      assertEquals(20_000, entries.size());
      assertEquals(0, entries.stream().filter(e -> e.kind() == Kind.EVENTS_LOST).count());
    }
  }

  @Test
  void manyReadWhileItIsWritten() throws Exception {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (Life life = new Life(new JournalSettings(file), Life.HOST, Life.CLOCK, 1 << 20)) {
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        readers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        EventLog.Cursor cursor = life.log.from(1);
                        long next = 1;
                        while (next <= 40_000) {
                          for (Entry entry : cursor.take(300).orElseThrow()) {
                            assertEquals(next++, entry.seq());
                            assertEquals(Life.event(entry.seq()).kind(), entry.event().kind());
                          }
                        }
                      } catch (InterruptedException | RuntimeException | Error e) {
                        failures.add(e);
                      }
                    }));
      }
      for (int i = 0; i < 400; i++) {
        life.tell(100);
        life.kept(life.log.nextSeq() - 1);
      }
      for (Thread reader : readers) {
        assertTrue(reader.join(Duration.ofSeconds(30)));
      }
      assertEquals(List.of(), failures);
    }
  }
}
