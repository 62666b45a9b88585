package dev.nsmon.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A program that watches while the load runs. Its output is read as it comes, and each piece gets
/// the time of its arrival; it is taken apart when the program has ended, so that reading it
/// disturbs nothing. Ends with the benchmark, however that ends.
final class Watcher implements AutoCloseable {
  private static final long READY_MILLIS = 60_000;
  private static final long WORDS_MILLIS = 2_000;
  private static final long QUIET_MILLIS = 2_500;
  private static final long LONGEST_QUIET_MILLIS = 10_000;
  private static final long END_SECONDS = 10;
  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> STARTED.forEach(Process::destroyForcibly)));
  }

  /// A line of output, and when it arrived, in microseconds since 1970.
  record Line(String text, long micros) {}

  private record Piece(ByteBuffer bytes, long micros) {}

  private final Contender contender;
  private final Process process;
  private final Path errors;
  private final Thread reader;
  private final List<Piece> pieces = new ArrayList<>();
  private long lastNanos = System.nanoTime();

  private Watcher(Contender contender, List<String> command, Path work) throws IOException {
    this.contender = contender;
    this.errors = Files.createTempFile(work, "watcher", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    if (contender.file() != null) {
      builder.redirectOutput(contender.file().toFile());
    }
    this.process = builder.start();
    endWithUs(process);
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /// Starts it and waits until it watches.
  ///
  /// @param cpu the CPU it is bound to, -1 for any
  /// @throws IOException if it is not here or can't watch, with the reason in its own words
  static Watcher start(Contender contender, int cpu, Path work)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (cpu >= 0) {
      command.addAll(List.of("taskset", "-c", Integer.toString(cpu)));
    }
    command.addAll(contender.command());
    Watcher watcher = new Watcher(contender, command, work);
    try {
      watcher.awaitReady();
      return watcher;
    } catch (IOException | InterruptedException | RuntimeException e) {
      watcher.close();
      throw e;
    }
  }

  /// Has it killed when the benchmark ends, if it still runs then.
  static void endWithUs(Process process) {
    STARTED.add(process);
  }

  private void awaitReady() throws IOException, InterruptedException {
    if (!await(() -> has(contender.ready()), READY_MILLIS)
        || !await(() -> said(contender.readyError()), WORDS_MILLIS)) {
      throw new IOException(String.join(" / ", errors()).strip());
    }
    Tools.rest(1_000);
    if (!process.isAlive()) {
      throw new IOException(String.join(" / ", errors()).strip());
    }
  }

  private boolean await(BooleanSupplier condition, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        return false;
      }
      Tools.rest(20);
    }
    return true;
  }

  private synchronized boolean has(String mark) {
    return mark.isEmpty()
        || pieces.stream()
            .anyMatch(
                piece -> new String(piece.bytes().array(), StandardCharsets.UTF_8).contains(mark));
  }

  private boolean said(String mark) {
    return mark.isEmpty() || errors().stream().anyMatch(line -> line.contains(mark));
  }

  /// Waits until it has had nothing to say for a while.
  void awaitQuiet() throws InterruptedException {
    long began = System.nanoTime();
    await(
        () -> Math.min(sinceLast(), System.nanoTime() - began) >= QUIET_MILLIS * 1_000_000,
        LONGEST_QUIET_MILLIS);
  }

  private synchronized long sinceLast() {
    return System.nanoTime() - lastNanos;
  }

  private void read() {
    byte[] buffer = new byte[1 << 18];
    try (InputStream out = process.getInputStream()) {
      for (int length; (length = out.read(buffer)) >= 0; ) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        synchronized (this) {
          pieces.add(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, length)), micros));
          lastNanos = System.nanoTime();
        }
      }
    } catch (IOException e) {
      // It has been ended.
    }
  }

  Process process() {
    return process;
  }

  /// What it has said so far, in full lines.
  synchronized List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (Piece piece : pieces) {
      byte[] bytes = piece.bytes().array();
      int from = 0;
      for (int at = 0; at < bytes.length; at++) {
        if (bytes[at] == '\n') {
          line.write(bytes, from, at - from);
          lines.add(new Line(line.toString(StandardCharsets.UTF_8), piece.micros()));
          line.reset();
          from = at + 1;
        }
      }
      line.write(bytes, from, bytes.length - from);
    }
    return lines;
  }

  /// What it has said to people so far.
  List<String> errors() {
    try {
      return Files.readAllLines(errors);
    } catch (IOException e) {
      return List.of();
    }
  }

  /// Asks it to end, and waits until all it has said has been read.
  @Override
  public void close() {
    // Not destroy() of the process, which closes its output unread.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
      }
      reader.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
