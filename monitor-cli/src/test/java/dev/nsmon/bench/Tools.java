package dev.nsmon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What the benchmarks need around them: the C programs, a crowd of processes, medians.
final class Tools {
  private Tools() {}

  /// Compiles a C program, or a library if the output's name ends in `.so`.
  static Path compile(Path source, Path output) throws IOException, InterruptedException {
    List<String> command =
        output.toString().endsWith(".so")
            ? List.of("gcc", "-O2", "-shared", "-fPIC", "-o", output.toString(), source.toString())
            : List.of("gcc", "-O2", "-o", output.toString(), source.toString());
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("can't compile " + source);
    }
    return output;
  }

  /// A crowd of sleeping processes, a tenth of them in namespaces of their own.
  static final class Crowd implements AutoCloseable {
    private final Process process;

    Crowd(Path program, int size) throws IOException {
      process =
          new ProcessBuilder(program.toString(), Integer.toString(size))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      if (lines.readLine() == null) {
        throw new IOException("no crowd of " + size + ": is kernel.pid_max large enough?");
      }
    }

    /// Ends it, and waits until the kernel has forgotten it.
    @Override
    public void close() {
      try {
        process.getOutputStream().close();
        process.waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /// How long a command runs until its first byte of output and until its end, in milliseconds.
  record Run(double firstMillis, double endMillis) {}

  static Run run(List<String> command) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    double first;
    try (InputStream out = process.getInputStream()) {
      out.read();
      first = millisSince(began);
      out.transferTo(java.io.OutputStream.nullOutputStream());
    }
    process.waitFor();
    return new Run(first, millisSince(began));
  }

  static double millisSince(long began) {
    return (System.nanoTime() - began) / 1e6;
  }

  /// Processor time that a process has used, in milliseconds, to the nanosecond
  /// (`/proc/PID/schedstat` of all its threads).
  static double cpuMillis(Process process) throws IOException {
    double sum = 0;
    try (var tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        sum += Double.parseDouble(Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
      }
    }
    return sum / 1e6;
  }

  /// A line of `/proc/PID/status` in MiB, such as `VmRSS`.
  static double mebibytes(Process process, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("no " + field);
  }

  static void rest(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}
