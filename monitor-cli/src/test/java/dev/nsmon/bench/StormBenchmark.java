package dev.nsmon.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A storm of forks on CPU 0 and a watcher on CPU 1: what the watcher uses, what it loses, and what
/// it costs the storm. Nothing but the storm runs on CPU 0, so the rate that it reaches when it
/// does not pace itself shows what each fork has become dearer by.
final class StormBenchmark {
  private static final int RATE = 30_000;
  private static final int UNPACED_SECONDS = 5;

  /// By then the compiler is done.
  private static final int FROM = 10;

  private static final String NONE = "no monitor";
  private static final Pattern COUNTS = Pattern.compile("forks (\\d+) .*lost (\\d+)");

  /// What a watcher has done in one round.
  ///
  /// @param rate forks a second of the storm that paced itself
  /// @param top forks a second of the storm that did not
  /// @param cpuMicros of the watcher for each fork, in steady state
  /// @param percent of a core that it used meanwhile
  /// @param seen what it says of losses, or how many forks it has seen
  private record Round(double rate, double top, double cpuMicros, double percent, String seen) {}

  private record Storm(long forks, double seconds) {
    double rate() {
      return forks / seconds;
    }
  }

  private final PushBenchmark.Setting setting;
  private final int rounds;
  private final int seconds;
  private final Path file;
  private final Map<String, List<Round>> all = new LinkedHashMap<>();

  StormBenchmark(PushBenchmark.Setting setting, int rounds, int seconds) {
    this.setting = setting;
    this.rounds = rounds;
    this.seconds = Math.max(seconds, FROM + 2);
    this.file = setting.work().resolve("storm.txt");
  }

  void run() throws IOException, InterruptedException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      System.out.println("Storm: left out, it needs two CPUs");
      return;
    }
    List<Contender> contenders =
        List.of(
            setting.nsmon("perf"),
            Contender.reader("C, perf rings, 8 ms", setting.program("rings"), 8000),
            Contender.reader("C, perf rings, 2 ms", setting.program("rings"), 2000),
            setting.nsmon("proc-connector"),
            Contender.reader("C, connector, 2 ms", setting.program("connector"), 2000),
            Contender.forkstat(file));
    for (int round = 0; round < rounds; round++) {
      Storm paced = storm(RATE, seconds).await();
      add(NONE, new Round(paced.rate(), storm(0, UNPACED_SECONDS).await().rate(), 0, 0, ""));
      for (Contender contender : contenders) {
        try {
          add(contender.name(), round(contender));
        } catch (IOException e) {
          System.out.println(contender.name() + ": left out: " + e.getMessage());
        }
      }
    }
    print();
  }

  private void add(String name, Round round) {
    all.computeIfAbsent(name, _ -> new ArrayList<>()).add(round);
  }

  private Round round(Contender contender) throws IOException, InterruptedException {
    Watcher watcher = Watcher.start(contender, 1, setting.work());
    Storm paced;
    Storm unpaced;
    double used;
    int linesPaced;
    try (watcher) {
      Running storm = storm(RATE, seconds);
      Tools.rest(FROM * 1000L);
      double before = Tools.cpuMillis(watcher.process());
      long began = System.nanoTime();
      Tools.rest((seconds - FROM - 1) * 1000L);
      used = (Tools.cpuMillis(watcher.process()) - before) / Tools.millisSince(began);
      paced = storm.await();
      Tools.rest(1_000);
      linesPaced = watcher.lines().size();
      unpaced = storm(0, UNPACED_SECONDS).await();
      Tools.rest(1_000);
    }
    long forks = paced.forks() + unpaced.forks();
    return new Round(
        paced.rate(),
        unpaced.rate(),
        used * 1e6 / paced.rate(),
        used * 100,
        contender.file() != null ? peer(forks) : seen(watcher, linesPaced, forks));
  }

  /// Losses of ours in each storm, and of a program in C in both.
  private static String seen(Watcher watcher, int linesPaced, long forks)
      throws JsonProcessingException {
    List<Watcher.Line> lines = watcher.lines();
    Matcher counts = COUNTS.matcher(lines.getLast().text());
    if (counts.matches()) {
      return String.format(
          Locale.ROOT,
          "lost %s, saw %.2f %% of forks",
          counts.group(2),
          100.0 * Long.parseLong(counts.group(1)) / forks);
    }
    String paced = Losses.of(lines.subList(0, linesPaced), List.of()).words();
    String after = Losses.of(lines.subList(linesPaced, lines.size()), watcher.errors()).words();
    return (paced.isEmpty() ? "nothing lost" : paced)
        + (after.isEmpty() ? "" : "; unpaced or missed: " + after);
  }

  private String peer(long forks) throws IOException {
    long children = 0;
    long overruns = 0;
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        children += line.contains(" child ") ? 1 : 0;
        overruns += line.contains("nobufs") ? 1 : 0;
      }
    }
    Files.delete(file);
    return String.format(
        Locale.ROOT, "ENOBUFS %d times, saw %.2f %% of forks", overruns, 100.0 * children / forks);
  }

  private interface Running {
    Storm await() throws IOException, InterruptedException;
  }

  private Running storm(int rate, int length) throws IOException, InterruptedException {
    Load load =
        Load.start(List.of(setting.program("storm").toString(), "" + rate, "" + length, "0"));
    return () -> {
      String[] counts = load.await().getFirst().split(" ", 2);
      return new Storm(Long.parseLong(counts[0]), Double.parseDouble(counts[1]));
    };
  }

  private void print() {
    System.out.printf(
        "Storm: vfork and exit, %,d a second for %d s on CPU 0, the watcher on CPU 1, its CPU time"
            + " from second %d to %d; then as fast as it goes for %d s. Medians of %d%n",
        RATE, seconds, FROM, seconds - 1, UNPACED_SECONDS, rounds);
    Table table =
        new Table(
            "", "forks/s", "us/fork", "% of CPU 1", "x C", "x forkstat", "unpaced", "slow-down %");
    double forkstat = cpu("forkstat");
    for (String name : all.keySet()) {
      List<Round> own = all.get(name);
      double c = cpu(reference(name));
      table.row(
          name,
          format("%,.0f", median(own.stream().mapToDouble(Round::rate).toArray())),
          format("%.3f", cpu(name)),
          format("%.2f", median(own.stream().mapToDouble(Round::percent).toArray())),
          format("%.2f", cpu(name) / c),
          format("%.4f", cpu(name) / forkstat),
          format("%,.0f", median(own.stream().mapToDouble(Round::top).toArray())),
          format("%.1f", slowDown(own)));
    }
    table.print();
    all.forEach((name, own) -> own.forEach(round -> says(name, round)));
  }

  private static void says(String name, Round round) {
    if (!round.seen().isEmpty()) {
      System.out.println("  " + name + ": " + round.seen());
    }
  }

  /// The program in C that a watcher is compared with: the same source, at the same pause in a
  /// storm.
  private static String reference(String name) {
    return name.contains("connector") ? "C, connector, 2 ms" : "C, perf rings, 8 ms";
  }

  /// Against the storm without a monitor in the same round.
  private double slowDown(List<Round> own) {
    double[] percents = new double[Math.min(own.size(), all.get(NONE).size())];
    for (int i = 0; i < percents.length; i++) {
      percents[i] = 100 * (1 - own.get(i).top() / all.get(NONE).get(i).top());
    }
    return median(percents);
  }

  private double cpu(String name) {
    return median(
        all.getOrDefault(name, List.of()).stream().mapToDouble(Round::cpuMicros).toArray());
  }

  private static double median(double[] values) {
    return values.length == 0 ? Double.NaN : Tools.median(values);
  }

  /// Nothing where there is no number.
  private static String format(String pattern, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, pattern, value);
  }
}
