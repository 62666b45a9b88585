package dev.nsmon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Runs the benchmarks: `mvn -q -Pbenchmark -DskipTests verify`. Numbers of processes may be given
/// by `-Dbenchmark.processes="100 1000 10000"`.
///
/// They print ratios against a peer in the same run, because absolute times of a shared machine say
/// little. They fork as many processes as asked for and end them again.
final class Benchmarks {
  private static final int WATCH_SECONDS = 30;

  private Benchmarks() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path sources = Path.of(args[0]);
    Path image = Path.of(args[1]);
    Path work = Files.createTempDirectory("nsmon-benchmark");
    Path floor = Tools.compile(sources.resolve("floor.c"), work.resolve("floor"));
    Path library = Tools.compile(sources.resolve("floor.c"), work.resolve("floor.so"));
    Path crowd = Tools.compile(sources.resolve("crowd.c"), work.resolve("crowd"));
    System.out.printf(
        "Linux %s, JDK %s, %d cores%n",
        System.getProperty("os.version"),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    for (String size : Arrays.copyOfRange(args, 2, args.length)) {
      int processes = Integer.parseInt(size);
      try (Tools.Crowd _ = new Tools.Crowd(crowd, processes)) {
        int rounds = processes > 5000 ? 7 : 15;
        new LookBenchmark(library, rounds).run();
        CommandBenchmark commands = new CommandBenchmark(image, rounds);
        commands.list();
        commands.watch(floor, WATCH_SECONDS);
      }
    }
  }
}
