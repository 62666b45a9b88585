package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program that has ended, and what it said on stdout and stderr together.
record Ran(int code, String said) {
  private static final long PATIENCE_SECONDS = 30;

  /// Runs a program to its end; the test is skipped where there is none of that name.
  static Ran of(String... command) throws IOException {
    needs(command[0]);
    Path out = Files.createTempFile("ran", ".txt");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      return new Ran(process.exitValue(), new String(Files.readAllBytes(out), UTF_8));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Files.delete(out);
    }
  }

  private static void needs(String name) {
    boolean found =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    assumeTrue(found || name.startsWith("/"), "there is no " + name + " on this machine");
    assumeTrue(
        !name.startsWith("/") || Files.isExecutable(Path.of(name)),
        "there is no " + name + " on this machine");
  }
}
