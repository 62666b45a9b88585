package dev.nsmon.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How long it takes from the `time` of an event to its line on the reader's side of the pipe,
/// while a thousand processes a second each live a millisecond in a namespace of their own.
final class LatencyBenchmark {
  private static final int RATE = 1000;
  private static final int LIFE_MICROS = 1000;
  private static final int WARM_UP_SECONDS = 2;

  private final PushBenchmark.Setting setting;
  private final int seconds;
  private final List<String> notes = new ArrayList<>();

  LatencyBenchmark(PushBenchmark.Setting setting, int seconds) {
    this.setting = setting;
    this.seconds = Math.max(seconds, WARM_UP_SECONDS + 1);
  }

  void run() throws IOException, InterruptedException {
    System.out.printf(
        "Latency: %,d clones a second for %d s, each 1 ms in a new uts namespace; from the event's"
            + " time to its line, ms, without the first %d s%n",
        RATE, seconds, WARM_UP_SECONDS);
    Table table = new Table("watch --source", "event", "by", "told", "p50", "p99", "max");
    for (String source : List.of("perf", "proc-connector", "poll")) {
      Contender contender = setting.nsmon(source);
      try {
        measure(contender, table);
      } catch (IOException e) {
        table.row(contender.name(), e.getMessage(), "", "", "", "", "");
      }
    }
    table.print();
    notes.forEach(System.out::println);
  }

  private void measure(Contender contender, Table table) throws IOException, InterruptedException {
    String[] command = {
      setting.program("burst").toString(),
      "clone",
      Integer.toString(RATE * seconds),
      Integer.toString(LIFE_MICROS),
      Integer.toString(RATE)
    };
    Instant from;
    Set<Integer> pids;
    Watcher watcher = Watcher.start(contender, -1, setting.work());
    try (watcher) {
      from = Instant.now().plusSeconds(WARM_UP_SECONDS);
      pids = Load.pids(List.of(command));
      watcher.awaitQuiet();
    }
    Map<String, List<Long>> delays = new TreeMap<>();
    List<Long> pushed = new ArrayList<>();
    for (Watcher.Line line : watcher.lines()) {
      JsonNode event = Lives.JSON.readTree(line.text());
      Instant time = Instant.parse(event.path("time").asText());
      String by = event.path("source").asText();
      if (time.isAfter(from) && pids.contains(event.path("process").path("pid").asInt())) {
        long delay = line.micros() - ChronoUnit.MICROS.between(Instant.EPOCH, time);
        delays
            .computeIfAbsent(event.path("kind").asText() + " " + by, _ -> new ArrayList<>())
            .add(delay);
        if (!by.equals("poll")) {
          pushed.add(delay);
        }
      }
    }
    if (!pushed.isEmpty()) {
      row(table, contender, "all pushed", pushed);
    }
    if (delays.isEmpty()) {
      table.row(contender.name(), "none told", "", "0", "", "", "");
    }
    delays.forEach((what, values) -> row(table, contender, what, values));
    String losses = Losses.of(watcher.lines(), watcher.errors()).words();
    if (!losses.isEmpty()) {
      notes.add("  " + contender.name() + ": " + losses);
    }
  }

  private static void row(Table table, Contender contender, String what, List<Long> delays) {
    Collections.sort(delays);
    int blank = what.indexOf(' ');
    table.row(
        contender.name(),
        what.substring(0, blank),
        what.substring(blank + 1),
        String.format(Locale.ROOT, "%,d", delays.size()),
        millis(delays.get(delays.size() / 2)),
        millis(delays.get(delays.size() * 99 / 100)),
        millis(delays.getLast()));
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f", micros / 1e3);
  }
}
