package dev.nsmon.bench;

import dev.nsmon.websocket.WebSocketBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Runs the benchmarks: `mvn -q -Pbenchmark -DskipTests -DskipITs verify`. Numbers of processes may
/// be given by `-Dbenchmark.processes="100 1000 10000"`. With `-Dbenchmark=push` those of
/// [PushBenchmark], with `-Dbenchmark=clients` those of the WebSocket.
///
/// They print ratios against a peer in the same run, because absolute times of a shared machine say
/// little. They fork as many processes as asked for and end them again.
final class Benchmarks {
  private static final int WATCH_SECONDS = 30;

  private Benchmarks() {}

  public static void main(String[] args) throws Exception {
    Path sources = Path.of(args[1]);
    Path image = Path.of(args[2]);
    System.out.printf(
        "Linux %s, JDK %s, %d cores%n",
        System.getProperty("os.version"),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    switch (args[0]) {
      case "looks" -> looks(sources, image, Arrays.copyOfRange(args, 3, args.length));
      case "push" -> PushBenchmark.run(sources, image);
      case "clients" -> WebSocketBenchmark.run();
      default -> throw new IllegalArgumentException("no such benchmark: " + args[0]);
    }
    // Event loops of a benchmark may still turn.
    System.exit(0);
  }

  private static void looks(Path sources, Path image, String[] sizes)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("nsmon-benchmark");
    Path floor = Tools.compile(sources.resolve("floor.c"), work.resolve("floor"));
    Path library = Tools.compile(sources.resolve("floor.c"), work.resolve("floor.so"));
    Path crowd = Tools.compile(sources.resolve("crowd.c"), work.resolve("crowd"));
    for (String size : sizes) {
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
