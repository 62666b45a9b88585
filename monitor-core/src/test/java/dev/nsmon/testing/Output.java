package dev.nsmon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The text of a pipe, read to its end by a thread of its own, so that a test can wait for a line
/// with a deadline. A plain `readLine()` of a pipe can't be interrupted.
///
/// It holds at most [#LIMIT] characters: what says more has gone mad, and the test is told so. One
/// thread may take from it.
public final class Output {
  /// How long a test waits for a line, or for the end.
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /// More than any test reads.
  public static final int LIMIT = 64 << 20;

  /// What is put behind the last line.
  private static final Optional<String> END = Optional.empty();

  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private final StringBuilder all = new StringBuilder();

  /// The begin of the line whose end has not come. Its reader's own.
  private final StringBuilder begun = new StringBuilder();

  private boolean ended;

  private Output() {}

  /// Begins to read. The stream is closed at its end.
  public static Output of(InputStream in) {
    Output output = new Output();
    Thread.ofPlatform().daemon().name("output").start(() -> output.read(in));
    return output;
  }

  private void read(InputStream in) {
    char[] buffer = new char[8192];
    try (Reader reader = new InputStreamReader(in, UTF_8)) {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        take(new String(buffer, 0, n));
      }
    } catch (IOException e) {
      // The pipe was closed, because the process was ended.
    } finally {
      if (!begun.isEmpty()) {
        lines.add(Optional.of(begun.toString()));
      }
      lines.add(END);
    }
  }

  private void take(String text) {
    synchronized (all) {
      all.append(text);
      if (all.length() > LIMIT) {
        throw new AssertionError("more than " + LIMIT + " characters were said");
      }
    }
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.add(Optional.of(begun + text.substring(from, end)));
      begun.setLength(0);
      from = end + 1;
    }
    begun.append(text, from, text.length());
  }

  /// All that has been read so far as it is, whether taken or not.
  public String soFar() {
    synchronized (all) {
      return all.toString();
    }
  }

  /// Whether [#line] has an answer at once.
  public boolean isReady() {
    return ended || !lines.isEmpty();
  }

  /// Takes the next line, without its `\n`; empty at the end.
  public Optional<String> line() {
    Optional<Optional<String>> line = poll(PATIENCE);
    return line.orElseThrow(() -> new AssertionError("nothing came in time after:\n" + soFar()));
  }

  /// Waits for the end, and gives all from the first line on.
  public String awaitEnd(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!ended) {
      if (poll(Duration.ofNanos(deadline - System.nanoTime())).isEmpty()) {
        throw new AssertionError("did not end in time after:\n" + soFar());
      }
    }
    return soFar();
  }

  /// The next line or [#END]; nothing if neither comes in time.
  private Optional<Optional<String>> poll(Duration within) {
    if (ended) {
      return Optional.of(END);
    }
    try {
      Optional<String> line = lines.poll(within.toNanos(), TimeUnit.NANOSECONDS);
      ended = END.equals(line);
      return Optional.ofNullable(line);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted after:\n" + soFar(), e);
    }
  }
}
