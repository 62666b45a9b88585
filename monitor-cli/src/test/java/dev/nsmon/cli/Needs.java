package dev.nsmon.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Skips a test, with the reason in words, where the machine can't run it.
public final class Needs {
  private Needs() {}

  public static void root() {
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      assumeTrue(uid.equals(0), "only root may make namespaces of every type");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void tool(String name) {
    boolean found =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    assumeTrue(found, "there is no " + name + " on this machine");
  }

  /// What the build leaves out, saying why, where it has not got what it needs.
  static void built(Path file) {
    assumeTrue(Files.exists(file), "there is no " + file.getFileName() + ": the build said why");
  }
}
