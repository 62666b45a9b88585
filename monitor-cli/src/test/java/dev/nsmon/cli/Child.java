package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/// A process that the test started: it and what it started end with the test.
public final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// More than any test reads.
  private static final int LIMIT = 64 << 20;

  private final List<String> command;
  private final Process process;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Thread outReader;
  private final Thread errReader;

  private Child(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    outReader = reader(process.getInputStream(), out);
    errReader = reader(process.getErrorStream(), err);
    errReader.start();
  }

  public static Child start(String... command) {
    return start(new ProcessBuilder(command));
  }

  public static Child start(ProcessBuilder builder) {
    Child child = unread(builder);
    child.read();
    return child;
  }

  /// Starts one whose stdout nobody reads, until [#read].
  static Child unread(ProcessBuilder builder) {
    try {
      return new Child(builder.command(), builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void read() {
    outReader.start();
  }

  private static Thread reader(InputStream in, StringWriter to) {
    return Thread.ofPlatform().daemon().unstarted(() -> drain(in, to));
  }

  private static void drain(InputStream in, StringWriter to) {
    char[] buffer = new char[8192];
    try (Reader reader = new InputStreamReader(in, UTF_8)) {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        to.write(buffer, 0, n);
        if (to.getBuffer().length() > LIMIT) {
          throw new AssertionError("more than " + LIMIT + " characters were said");
        }
      }
    } catch (IOException e) {
      // The pipe was closed because the process was ended.
    }
  }

  /// For what takes a moment; the limit is for machines that are busy with other things.
  static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
  }

  int pid() {
    return Math.toIntExact(process.pid());
  }

  String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }

  /// The lines of stdout that are whole so far.
  List<String> lines() {
    return Nsmon.wholeLines(out());
  }

  /// Waits for a line on stdout.
  String awaitLine(Predicate<String> wanted) {
    return await(() -> lines().stream().filter(wanted).findFirst()).orElseThrow();
  }

  /// Bytes that the pipe of an unread stdout holds.
  int unreadBytes() {
    try {
      return process.getInputStream().available();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until it has become the program of this name, having done what came before.
  Child awaitComm(String name) {
    Path comm = Path.of("/proc/" + pid() + "/comm");
    String line = name + "\n";
    return await(() -> Files.readString(comm).equals(line) ? Optional.of(this) : Optional.empty())
        .orElseThrow();
  }

  private <T> Optional<T> await(Callable<Optional<T>> condition) {
    try {
      return eventually().until(condition, Optional::isPresent);
    } catch (ConditionTimeoutException e) {
      throw hasFailed("did not do what was waited for", e);
    }
  }

  /// Leaves nothing behind where a test fails before it can close this.
  private AssertionError hasFailed(String what, RuntimeException cause) {
    String said = out() + err();
    end();
    return new AssertionError(command + " " + what + ", and said:\n" + said, cause);
  }

  /// What `/proc/PID/ns` says, such as `uts:[4026532177]`.
  String namespace(String link) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid() + "/ns/" + link)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void type(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void signal(String name) {
    Result kill = Child.start("kill", "-" + name, "" + pid()).result();
    if (kill.code() != 0) {
      throw new AssertionError(kill.toString());
    }
  }

  /// Whether a signal has stopped each of its threads (`T` in `proc_pid_stat(5)`).
  boolean isStopped() throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (!stat.substring(stat.lastIndexOf(')')).startsWith(") T ")) {
          return false;
        }
      }
      return true;
    }
  }

  public boolean hasEndedWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // The time of the test is over: nothing is left behind.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " said:\n" + out() + err(), e);
    }
  }

  /// Waits for its end, and hands back all that it has said.
  public Result result() {
    return result(PATIENCE);
  }

  /// The same of something that takes longer by its nature.
  public Result result(Duration patience) {
    if (!hasEndedWithin(patience)) {
      throw hasFailed("has not ended by itself", null);
    }
    try {
      outReader.join(PATIENCE);
      errReader.join(PATIENCE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Result(process.exitValue(), out(), err());
  }

  /// Kills it and what it started.
  public void end() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    hasEndedWithin(PATIENCE);
  }

  @Override
  public void close() {
    end();
  }
}
