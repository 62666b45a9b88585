package dev.nsmon.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// What it costs to watch many processes that sleep.
final class IdleBenchmark {
  /// For the compiler and the caches, after the first look.
  private static final long SETTLE_MILLIS = 5_000;

  private final PushBenchmark.Setting setting;
  private final int crowd;
  private final int seconds;

  IdleBenchmark(PushBenchmark.Setting setting, int crowd, int seconds) {
    this.setting = setting;
    this.crowd = crowd;
    this.seconds = seconds;
  }

  void run() throws IOException, InterruptedException {
    Table table = new Table("watch --source", "% of a core", "RSS MiB", "x poll's CPU");
    double poll = 0;
    try (Tools.Crowd _ = new Tools.Crowd(setting.program("crowd"), crowd)) {
      for (String source : List.of("poll", "perf", "proc-connector")) {
        Contender contender = setting.nsmon(source);
        try (Watcher watcher = Watcher.start(contender, -1, setting.work())) {
          Tools.rest(SETTLE_MILLIS);
          double before = Tools.cpuMillis(watcher.process());
          Tools.rest(seconds * 1000L);
          double percent = (Tools.cpuMillis(watcher.process()) - before) / seconds / 10;
          poll = source.equals("poll") ? percent : poll;
          table.row(
              contender.name(),
              String.format(Locale.ROOT, "%.3f", percent),
              String.format(Locale.ROOT, "%.0f", Tools.mebibytes(watcher.process(), "VmRSS")),
              String.format(Locale.ROOT, "%.3f", percent / poll));
        } catch (IOException e) {
          table.row(contender.name(), e.getMessage(), "", "");
        }
      }
    }
    System.out.printf(
        "Idle: %,d processes that sleep, after the first look, for %d s%n", crowd, seconds);
    table.print();
  }
}
