package dev.nsmon.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program that has ended, and what it said. One that does not end in time is killed with all
/// that it started, and fails the test with what it has said until then.
///
/// @param out lines of stdout
/// @param err lines of stderr; empty where that was redirected
public record Ran(List<String> command, long pid, int code, String out, String err) {

  /// Runs a program to its end, with nothing on its stdin.
  public static Ran of(String... command) {
    return of(List.of(command));
  }

  /// Runs a program to its end, with nothing on its stdin.
  public static Ran of(List<String> command) {
    return of(new ProcessBuilder(command), Output.PATIENCE);
  }

  /// The same of a program that takes longer by its nature, or wants another environment.
  public static Ran of(ProcessBuilder builder, Duration patience) {
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      Output out = Output.of(process.getInputStream());
      Output err = Output.of(process.getErrorStream());
      if (!hasEnded(process, patience)) {
        throw new AssertionError(
            "%s did not end in %s, and said:\n%s%s"
                .formatted(builder.command(), patience, out.soFar(), err.soFar()));
      }
      return new Ran(
          builder.command(),
          process.pid(),
          process.exitValue(),
          out.awaitEnd(patience),
          err.awaitEnd(patience));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Kills it where it is late, or the test is.
  private static boolean hasEnded(Process process, Duration patience) {
    boolean ended = false;
    try {
      ended = process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
      }
    }
  }

  /// Whether there is a program of this name in `PATH`.
  public static boolean has(String tool) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  /// Skips the test where there is no program of this name.
  public static void needs(String tool) {
    assumeTrue(has(tool), () -> "there is no " + tool + " on this machine");
  }

  /// What it said on stdout, and after it what it said on stderr.
  public String said() {
    return out + err;
  }

  /// Fails the test unless it ended with 0, and shows what it said.
  public Ran well() {
    if (code != 0) {
      throw new AssertionError("%s ended with %d:\n%s".formatted(command, code, said()));
    }
    return this;
  }
}
