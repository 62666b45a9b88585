package dev.nsmon.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.testing.Output;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A process that does to namespaces what it is told, one step at a time (`src/test/c/nstest.c`).
/// Whatever it started dies with it.
public final class NsHelper implements AutoCloseable {
  private static Path program;

  private final Process process;
  private final Output replies;
  private final Writer commands;

  private NsHelper() throws IOException {
    process = new ProcessBuilder(program().toString()).redirectError(Redirect.INHERIT).start();
    replies = Output.of(process.getInputStream());
    commands = process.outputWriter(UTF_8);
    ask("nothing");
  }

  public static NsHelper start() {
    try {
      return new NsHelper();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The compiled program, made on first use; it is not there if there is no gcc.
  static synchronized Path program() throws IOException {
    if (program == null) {
      Path directory = Files.createTempDirectory("nstest");
      program = directory.resolve("nstest");
      try (Stream<Path> files = Files.list(sources())) {
        compile(
            program,
            files
                .filter(file -> file.toString().endsWith(".c") && !file.endsWith("burst.c"))
                .toList());
      }
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    program.toFile().delete();
                    directory.toFile().delete();
                  }));
    }
    return program;
  }

  /// Compiles a program, unless there is no gcc.
  static void compile(Path program, List<Path> sources) {
    List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-pthread", "-o"));
    command.add(program.toString());
    sources.forEach(source -> command.add(source.toString()));
    if (Ran.has("gcc")) {
      Ran.of(command).well();
    }
  }

  /// Where the C sources of the tests are.
  static Path sources() throws IOException {
    try {
      Path classes =
          Path.of(NsHelper.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolve("../../src/test/c");
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  public int pid() {
    return (int) process.pid();
  }

  /// Has a command done, and hands back the numbers of the answer.
  public List<Long> ask(Object... words) {
    send(words);
    return answer();
  }

  /// Has a command done that the kernel may refuse: the numbers of the answer, empty if it did.
  Optional<List<Long>> attempt(Object... words) {
    send(words);
    String line = readLine();
    return line.startsWith("err") ? Optional.empty() : Optional.of(numbers(line));
  }

  void send(Object... words) {
    try {
      commands.write(String.join(" ", Stream.of(words).map(Object::toString).toList()) + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasAnswered() {
    return replies.isReady();
  }

  List<Long> answer() {
    String line = readLine();
    if (!line.startsWith("ok")) {
      throw new AssertionError("the helper could not: " + line);
    }
    return numbers(line);
  }

  private static List<Long> numbers(String line) {
    return Stream.of(line.split(" ", -1)).skip(1).map(Long::parseLong).toList();
  }

  private String readLine() {
    return replies.line().orElseThrow(() -> new AssertionError("the helper has died"));
  }

  /// The namespace behind a link of `/proc/PID/ns`.
  Ns id(int pid, String link) {
    List<Long> numbers = ask("id", pid, link);
    String type = link.replace("_for_children", "");
    return new Ns(NamespaceType.byKernelName(type).orElseThrow(), numbers.get(0), numbers.get(1));
  }

  /// Whether the namespace lives, asked by its handle.
  boolean isAlive(Ns ns) {
    return ask("alive", ns.type(), ns.id(), ns.inode()).getFirst() == 1;
  }

  public void unshare(String types) {
    ask("unshare", types);
  }

  /// Starts a child in new namespaces of these types, or `-` for none; its pid.
  public int clone(String types) {
    return clone(types, 1, 0);
  }

  /// Starts a child, with a pid of the test's choice, and others below it; its pid.
  int clone(String types, int depth, int pid) {
    return ask("clone", types, depth, pid).getFirst().intValue();
  }

  /// Ends a child and reaps it.
  void kill(int child) {
    ask("kill", child);
  }

  /// Ends it and all that it started, and sees it gone.
  void end() {
    close();
  }

  @Override
  public void close() {
    try (commands) {
      process.destroyForcibly();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError("the helper does not die: " + process);
      }
    } catch (IOException e) {
      // A pipe that nobody reads any more: it has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
