package dev.nsmon.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.format.CefFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.Samples;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every record is a line of the file, once, whatever happened to the file meanwhile.
final class FileSinkTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path directory;
  private final List<String> remarks = new CopyOnWriteArrayList<>();
  private final EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
  private final EventLog.Cursor cursor = log.from(1);

  private Path file() {
    return directory.resolve("events.json");
  }

  private FileSink sink(long mostBytes, int keep) {
    JsonFormat format = new JsonFormat(new Host("h", "i", "b"), "s");
    return new FileSink(file(), format, mostBytes, keep, remarks::add, System::nanoTime);
  }

  private List<Entry> next() throws InterruptedException {
    log.append(Samples.events("nginx"));
    return cursor.take(100, Duration.ofSeconds(10)).orElseThrow();
  }

  private static List<Long> seqs(Path... files) throws IOException {
    List<Long> seqs = new ArrayList<>();
    for (Path one : files) {
      for (String line : Files.readString(one, UTF_8).lines().toList()) {
        seqs.add(MAPPER.readTree(line).get("seq").asLong());
      }
    }
    return seqs;
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void anotherFormatIsForWhatComesNext() throws Exception {
    try (FileSink sink = sink(1 << 20, 1)) {
      List<Entry> first = next();
      sink.write(first);
      sink.format(new CefFormat(new Host("h", "i", "b"), "s", "1"));
      List<Entry> second = next();
      sink.write(second);
      List<String> lines = Files.readAllLines(file());
      for (int i = 0; i < lines.size(); i++) {
        String begin = i < first.size() ? "{\"schema\":1," : "CEF:0|";
        assertTrue(lines.get(i).startsWith(begin), lines.get(i));
      }
      assertEquals(first.size() + second.size(), lines.size());
    }
  }

  @Test
  void whatIsThereStays() throws Exception {
    int size;
    try (FileSink sink = sink(1 << 20, 1)) {
      List<Entry> entries = next();
      size = entries.size();
      sink.write(entries);
      assertEquals(upTo(size), seqs(file()));
    }
    try (FileSink sink = sink(1 << 20, 1)) {
      sink.write(next());
    }
    assertEquals(upTo(2L * size), seqs(file()));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void aTornLineIsCutAway() throws Exception {
    int size;
    try (FileSink sink = sink(1 << 20, 1)) {
      List<Entry> entries = next();
      size = entries.size();
      sink.write(entries);
    }
    Files.writeString(file(), "{\"seq\":99,\"sch", StandardOpenOption.APPEND);
    try (FileSink sink = sink(1 << 20, 1)) {
      sink.write(next());
    }
    assertEquals(upTo(2L * size), seqs(file()));
    Files.writeString(file(), "{\"seq\"");
    try (FileSink sink = sink(1 << 20, 1)) {
      sink.write(next());
    }
    assertEquals(LongStream.rangeClosed(2L * size + 1, 3L * size).boxed().toList(), seqs(file()));
  }

  @Test
  void aFullFileMakesPlaceForAnother() throws Exception {
    List<List<Entry>> batches = List.of(next(), next(), next(), next());
    int size = batches.getFirst().size();
    try (FileSink sink = sink(1, 2)) {
      for (List<Entry> batch : batches) {
        sink.write(batch);
      }
    }
    Path first = directory.resolve("events.json.1");
    Path second = directory.resolve("events.json.2");
    assertFalse(Files.exists(directory.resolve("events.json.3")));
    assertEquals(
        LongStream.rangeClosed(size + 1, 4L * size).boxed().toList(), seqs(second, first, file()));
  }

  @Test
  void itIsOpenedAnewWhenThatIsAsked() throws Exception {
    try (FileSink sink = sink(1 << 20, 1)) {
      List<Entry> entries = next();
      sink.write(entries);
      Path moved = Files.move(file(), directory.resolve("moved"));
      sink.write(next());
      assertEquals(upTo(2L * entries.size()), seqs(moved));
      sink.reopen();
      sink.write(next());
      assertEquals(upTo(3L * entries.size()), seqs(moved, file()));
    }
  }

  @Test
  void itTriesOnWhileItCantBeWritten() throws Exception {
    Path there = directory.resolve("later");
    JsonFormat format = new JsonFormat(new Host("h", "i", "b"), "s");
    List<Entry> entries = next();
    Path late = there.resolve("events.json");
    TestClock clock = new TestClock();
    Outage outage = new Outage(late.toString(), remarks::add, clock::nanoTime, clock::sleep);
    try (FileSink sink = new FileSink(late, format, 1 << 20, 1, outage)) {
      Thread writer = Thread.ofPlatform().start(() -> assertWritten(sink, entries));
      clock.awaitSleeper();
      assertEquals(List.of(late + ": its directory is not there; trying on"), remarks);
      clock.advance(Duration.ofSeconds(1));
      clock.awaitSleeper();
      assertEquals(1, remarks.size(), "said once");
      Files.createDirectory(there);
      clock.advance(Duration.ofSeconds(2));
      writer.join();
      assertEquals(upTo(entries.size()), seqs(late));
      assertEquals(late + ": works again, after 3 s", remarks.getLast());
    }
  }

  private static void assertWritten(FileSink sink, List<Entry> entries) {
    try {
      assertEquals(Sink.Appetite.MORE, sink.write(entries));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    List<Entry> entries = next();
    Path late = directory.resolve("no/such");
    JsonFormat format = new JsonFormat(new Host("h", "i", "b"), "s");
    try (FileSink sink = new FileSink(late, format, 1 << 20, 1, remarks::add, System::nanoTime)) {
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> sink.write(entries));
      assertFalse(Thread.interrupted());
    }
  }
}
