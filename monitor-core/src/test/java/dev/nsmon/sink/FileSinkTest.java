package dev.nsmon.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every record is a line of the file, once, whatever happened to the file meanwhile.
@Timeout(60)
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
    return new FileSink(
        new RotatedFile(file(), mostBytes, keep, remarks::add, System::nanoTime), format);
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
  void aFileThatWasMovedOrRemovedIsMadeAnewWithoutASignal() throws Exception {
    try (FileSink sink = sink(1 << 20, 1)) {
      List<Entry> entries = next();
      int size = entries.size();
      sink.write(entries);
      Path moved = Files.move(file(), directory.resolve("moved"));
      sink.idle();
      assertTrue(Files.exists(file()), "made as soon as it is seen");
      sink.write(next());
      assertEquals(upTo(2L * size), seqs(moved, file()));
      Files.delete(file());
      sink.write(next());
      assertEquals(LongStream.rangeClosed(2L * size + 1, 3L * size).boxed().toList(), seqs(file()));
      Path other = Files.writeString(directory.resolve("other"), "{\"seq\":0}\n");
      Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);
      sink.write(next());
      assertEquals(0L, seqs(file()).getFirst());
      assertEquals(4L * size, seqs(file()).getLast());
    }
    assertEquals(List.of(), remarks);
  }

  @Test
  void aFileThatWasTruncatedGoesOnAtItsBeginning() throws Exception {
    try (FileSink sink = sink(1 << 20, 1)) {
      List<Entry> entries = next();
      sink.write(entries);
      // What logrotate does with copytruncate.
      Path copy = Files.copy(file(), directory.resolve("copy"));
      Files.newByteChannel(file(), StandardOpenOption.WRITE).truncate(0).close();
      sink.write(next());
      assertEquals(upTo(2L * entries.size()), seqs(copy, file()));
    }
  }

  @Test
  void aSecondWriterIsRefusedAndToldWhoTheFirstIs() throws Exception {
    List<Entry> entries = next();
    List<Entry> later = next();
    TestClock clock = new TestClock();
    Outage outage = new Outage("second", remarks::add, clock::nanoTime, clock::sleep);
    JsonFormat format = new JsonFormat(new Host("h", "i", "b"), "s");
    FileSink first = sink(1 << 20, 1);
    try (FileSink second = new FileSink(new RotatedFile(file(), 1 << 20, 1, outage), format)) {
      first.write(entries);
      Thread writer = Thread.ofPlatform().start(() -> assertWritten(second, later));
      clock.awaitSleeper();
      String holder = "(process " + ProcessHandle.current().pid() + ")";
      assertEquals(
          List.of("second: is in use by another process " + holder + "; trying on"), remarks);
      assertEquals(upTo(entries.size()), seqs(file()));
      first.close();
      clock.advance(Duration.ofSeconds(1));
      writer.join();
      assertEquals(upTo(2L * entries.size()), seqs(file()));
    }
  }

  @Test
  void aPipeIsWrittenToAndItsReaderMayChange() throws Exception {
    Path pipe = file();
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    List<Entry> entries = next();
    TestClock clock = new TestClock();
    Outage outage = new Outage("pipe", remarks::add, clock::nanoTime, clock::sleep);
    JsonFormat format = new JsonFormat(new Host("h", "i", "b"), "s");
    try (FileSink sink = new FileSink(new RotatedFile(pipe, 1, 1, outage), format)) {
      Thread writer = Thread.ofPlatform().start(() -> assertWritten(sink, entries));
      clock.awaitSleeper();
      assertEquals(List.of("pipe: nobody reads it; trying on"), remarks);
      try (BufferedReader reader = reader(pipe)) {
        clock.advance(Duration.ofSeconds(1));
        assertRead(reader, entries);
        writer.join();
      }
      List<Entry> later = next();
      Thread again = Thread.ofPlatform().start(() -> assertWritten(sink, later));
      clock.awaitSleeper();
      assertTrue(remarks.contains("pipe: its reader has gone; trying on"), remarks::toString);
      try (BufferedReader reader = reader(pipe)) {
        clock.advance(Duration.ofSeconds(2));
        assertRead(reader, later);
        again.join();
      }
    }
    assertFalse(Files.exists(directory.resolve("events.json.1")), "a pipe is not rotated");
  }

  /// Opening it for writing too does not wait for a writer.
  private static BufferedReader reader(Path pipe) throws IOException {
    RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
    return new BufferedReader(new InputStreamReader(new FileInputStream(both.getFD()), UTF_8)) {
      @Override
      public void close() throws IOException {
        both.close();
      }
    };
  }

  private static void assertRead(BufferedReader reader, List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      assertEquals(entry.seq(), MAPPER.readTree(reader.readLine()).get("seq").asLong());
    }
  }

  @Test
  void aPipeWhoseReaderStandsStillIsGivenUpAtAnInterrupt() throws Exception {
    Path pipe = file();
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    try (FileChannel standing =
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileSink sink = sink(1, 1)) {
      List<Entry> entries = next();
      AtomicReference<IOException> end = new AtomicReference<>();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (true) {
                        sink.write(entries);
                      }
                    } catch (IOException e) {
                      end.set(e);
                    }
                  });
      ByteBuffer first = ByteBuffer.allocate(1);
      assertEquals(1, standing.read(first));
      writer.interrupt();
      writer.join();
      assertInstanceOf(InterruptedIOException.class, end.get());
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
    try (FileSink sink = new FileSink(new RotatedFile(late, 1 << 20, 1, outage), format)) {
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
    try (FileSink sink =
        new FileSink(new RotatedFile(late, 1 << 20, 1, remarks::add, System::nanoTime), format)) {
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> sink.write(entries));
      assertFalse(Thread.interrupted());
    }
  }

  /// Records of an earlier stream stand in the file beside those of the one that grows.
  @Test
  void twoStreamsShareAFileAndItsLock() throws Exception {
    RotatedFile shared = new RotatedFile(file(), 4096, 500, remarks::add, System::nanoTime);
    List<Thread> writers = new ArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (String stream : List.of("old", "new")) {
      FileSink sink = new FileSink(shared, new JsonFormat(new Host("h", "i", "b"), stream));
      writers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (sink) {
                      for (long seq = 1; seq <= 300; seq++) {
                        sink.write(List.of(new Entry(seq, Samples.all().getFirst())));
                        sink.idle();
                      }
                    } catch (IOException | RuntimeException | Error e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(List.of(), remarks);
    List<String> lines = new ArrayList<>();
    for (int i = 500; i >= 1; i--) {
      Path full = directory.resolve("events.json." + i);
      lines.addAll(Files.exists(full) ? Files.readAllLines(full) : List.of());
    }
    lines.addAll(Files.readAllLines(file()));
    for (String stream : List.of("old", "new")) {
      List<Long> seqs = new ArrayList<>();
      for (String line : lines) {
        if (MAPPER.readTree(line).get("stream").asText().equals(stream)) {
          seqs.add(MAPPER.readTree(line).get("seq").asLong());
        }
      }
      assertEquals(LongStream.rangeClosed(1, 300).boxed().toList(), seqs);
    }
  }
}
