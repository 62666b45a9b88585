package dev.nsmon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What the commands cost as people run them: start to first output of `list` in turn with `lsns`,
/// and memory and processor time of `watch` beside a C loop that does the same looks.
final class CommandBenchmark {
  private final String nsmon;
  private final int rounds;

  CommandBenchmark(Path image, int rounds) {
    this.nsmon = image.resolve("bin/nsmon").toString();
    this.rounds = rounds;
  }

  void list() throws IOException, InterruptedException {
    double[] ours = new double[rounds];
    double[] lsns = new double[rounds];
    for (int round = -2; round < rounds; round++) {
      int at = Math.max(round, 0);
      ours[at] = Tools.run(List.of(nsmon, "list")).firstMillis();
      lsns[at] = Tools.run(List.of("lsns")).firstMillis();
    }
    System.out.printf(
        Locale.ROOT,
        "list, start to first output: %.0f ms; lsns: %.0f ms; %.2f x as fast%n",
        Tools.median(ours),
        Tools.median(lsns),
        Tools.median(lsns) / Tools.median(ours));
  }

  void watch(Path floorProgram, int seconds) throws IOException, InterruptedException {
    Process watch = start(List.of(nsmon, "watch"));
    Process loop = start(List.of(floorProgram.toString(), "1000000"));
    try {
      Tools.rest(15_000);
      double watchBefore = Tools.cpuMillis(watch);
      double loopBefore = Tools.cpuMillis(loop);
      Tools.rest(seconds * 1000L);
      double ours = (Tools.cpuMillis(watch) - watchBefore) / seconds / 10;
      double floor = (Tools.cpuMillis(loop) - loopBefore) / seconds / 10;
      System.out.printf(
          Locale.ROOT,
          "watch at 1 s: %.2f %% of a core, C loop: %.2f %%, ratio %.2f; RSS %.0f MiB (peak"
              + " %.0f)%n",
          ours,
          floor,
          ours / floor,
          Tools.mebibytes(watch, "VmRSS"),
          Tools.mebibytes(watch, "VmHWM"));
    } finally {
      watch.destroy();
      loop.destroy();
      watch.waitFor();
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
