package dev.nsmon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A program that makes the load, which runs by itself until it ends.
final class Load {
  private final Process process;

  private Load(Process process) {
    this.process = process;
  }

  static Load start(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Watcher.endWithUs(process);
    return new Load(process);
  }

  /// Waits for its end: what it has printed.
  List<String> await() throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("the load has failed with " + code);
    }
    return said.lines().toList();
  }

  /// Runs a program that prints the pids of what it has started.
  static Set<Integer> pids(List<String> command) throws IOException, InterruptedException {
    return start(command).await().stream().map(Integer::valueOf).collect(Collectors.toSet());
  }
}
