package dev.nsmon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What push sees, costs and how late it is, beside programs that do the same: `mvn -q -Pbenchmark
/// -DskipTests -DskipITs verify -Dbenchmark=push`, as root.
///
/// | property | default | is |
/// |---|---|---|
/// | `benchmark.parts` | `detection,storm,latency,idle` | what is measured |
/// | `benchmark.count` | 2000 | lives of each kind |
/// | `benchmark.rounds` | 3 | rounds of storms |
/// | `benchmark.seconds` | 10 | length of a storm, and of the load for latency |
/// | `benchmark.crowd` | 10000 | processes that sleep |
/// | `benchmark.idle` | 60 | seconds for which sleeping processes are watched |
final class PushBenchmark {
  /// What all parts need.
  ///
  /// @param image the packaged program
  /// @param work a directory for what is short-lived
  record Setting(Path image, Path sources, Path work) {
    Path program(String name) throws IOException, InterruptedException {
      Path program = work.resolve(name);
      return Files.exists(program) ? program : Tools.compile(sources.resolve(name + ".c"), program);
    }

    /// `nsmon watch` at its usual interval.
    Contender nsmon(String source) {
      return Contender.nsmon(image, source, "1s");
    }
  }

  private PushBenchmark() {}

  static void run(Path sources, Path image) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("nsmon-push");
    String parts = System.getProperty("benchmark.parts", "detection,storm,latency,idle");
    int count = Integer.getInteger("benchmark.count", 2000);
    int rounds = Integer.getInteger("benchmark.rounds", 3);
    int seconds = Integer.getInteger("benchmark.seconds", 10);
    int crowd = Integer.getInteger("benchmark.crowd", 10_000);
    int idle = Integer.getInteger("benchmark.idle", 60);
    System.out.printf(
        Locale.ROOT,
        "mvn -q -Pbenchmark -DskipTests -DskipITs verify -Dbenchmark=push -Dbenchmark.parts=%s"
            + " -Dbenchmark.count=%d -Dbenchmark.rounds=%d -Dbenchmark.seconds=%d"
            + " -Dbenchmark.crowd=%d -Dbenchmark.idle=%d%n",
        parts,
        count,
        rounds,
        seconds,
        crowd,
        idle);
    Setting setting = new Setting(image, sources, work);
    try {
      for (String part : List.of(parts.split(","))) {
        System.out.println();
        switch (part) {
          case "detection" -> new DetectionBenchmark(setting, count).run();
          case "storm" -> new StormBenchmark(setting, rounds, seconds).run();
          case "latency" -> new LatencyBenchmark(setting, seconds).run();
          case "idle" -> new IdleBenchmark(setting, crowd, idle).run();
          default -> throw new IllegalArgumentException("no such part: " + part);
        }
      }
    } finally {
      delete(work);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
