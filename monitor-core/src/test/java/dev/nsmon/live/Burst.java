package dev.nsmon.live;

import static org.awaitility.Awaitility.await;

import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs loads of short lives under a name of their own, by which what is told of them is known from
/// what others on the host do meanwhile.
///
/// @param directory of one test: the programs are copied to it under the name
/// @param name what every process of the load is called, at most 15 bytes
record Burst(Path directory, String name) {
  /// Of a load; a test as a whole has 60 s.
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private static Path program;

  /// How a load went.
  ///
  /// @param pid of the program that raised it
  /// @param made how many lives went as they should
  record Run(long pid, int made, Instant began, Instant ended) {}

  static Burst in(Path directory) {
    return new Burst(directory, "b" + Long.toString(System.nanoTime() & 0xffffffffffL, 36));
  }

  /// Runs `burst.c`, see there.
  Run run(String kind, int count, int lifeMicros) throws IOException, InterruptedException {
    return run(named(program(), "burst").toString(), kind, "" + count, "" + lifeMicros);
  }

  /// Runs `unshare OPTIONS true` so many times, one after the other.
  Run unshare(String options, int count) throws IOException, InterruptedException {
    Path unshare = named(Path.of("/usr/bin/unshare"), "unshare");
    Path nothing = named(Path.of("/bin/true"), "true");
    return run(
        "sh",
        "-c",
        "i=0; while [ $i -lt %d ]; do %s %s %s || exit; i=$((i + 1)); done; echo made $i"
            .formatted(count, unshare, options, nothing));
  }

  /// Runs `unshare OPTIONS true` so many times, all at once, under a process that does not reap
  /// them.
  Unreaped unreaped(String options, int count) throws IOException {
    Path unshare = named(Path.of("/usr/bin/unshare"), "unshare");
    Path nothing = named(Path.of("/bin/true"), "true");
    // They wait for the end of its input: a shell would reap them, which it then is no more.
    Process parent =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec 3<&0; i=0; while [ $i -lt %d ]; do (read go <&3; exec %s %s %s) & i=$((i + 1));"
                        .formatted(count, unshare, options, nothing)
                    + " done; exec sleep 300")
            .redirectError(Redirect.INHERIT)
            .start();
    Path comm = Path.of("/proc/" + parent.pid() + "/comm");
    await().pollInSameThread().until(() -> Files.readString(comm).equals("sleep\n"));
    parent.getOutputStream().close();
    return new Unreaped(parent);
  }

  /// Zombies, until this is closed.
  record Unreaped(Process parent) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      parent.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
      parent.getInputStream().close();
    }
  }

  /// The program under the name of this load.
  private Path named(Path program, String place) throws IOException {
    Path copy = Files.createDirectories(directory.resolve(place)).resolve(name);
    return Files.copy(program, copy, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static Run run(String... command) {
    Instant began = Instant.now();
    Ran ran = Ran.of(new ProcessBuilder(command), PATIENCE).well();
    int made = Integer.parseInt(ran.out().strip().replace("made ", ""));
    return new Run(ran.pid(), made, began, Instant.now());
  }

  private static synchronized Path program() throws IOException {
    if (program == null) {
      Path own = Files.createTempDirectory("burst");
      Path made = own.resolve("burst");
      own.toFile().deleteOnExit();
      made.toFile().deleteOnExit();
      NsHelper.compile(made, List.of(NsHelper.sources().resolve("burst.c")));
      program = made;
    }
    return program;
  }
}
