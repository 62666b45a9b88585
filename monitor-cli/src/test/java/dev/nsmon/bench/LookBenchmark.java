package dev.nsmon.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What a look costs, in turn with the C floor in the same process: medians over the rounds.
@SuppressWarnings("restricted")
final class LookBenchmark {
  private final MethodHandle floor;
  private final int rounds;

  LookBenchmark(Path library, int rounds) {
    this.rounds = rounds;
    this.floor =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.libraryLookup(library, Arena.global())
                    .find("floor_look")
                    .orElseThrow(),
                FunctionDescriptor.of(JAVA_INT));
  }

  void run() throws IOException, InterruptedException {
    ScanSettings all = ScanSettings.DEFAULT.withSkipIdle(false);
    SnapshotDiff diff = new SnapshotDiff(false);
    double[] c = new double[rounds];
    double[] full = new double[rounds];
    double[] usual = new double[rounds];
    double[] first = new double[rounds];
    double[] diffing = new double[rounds];
    double[] bytes = new double[rounds];
    double[] lsns = new double[Math.min(rounds, 5)];
    int processes = 0;
    try (ProcScanner fullScanner = new ProcScanner(all, HostClock.SYSTEM);
        ProcScanner usualScanner = new ProcScanner(ScanSettings.DEFAULT, HostClock.SYSTEM)) {
      Snapshot before = usualScanner.look();
      fullScanner.look();
      for (int round = -warmUp(before); round < rounds; round++) {
        int at = Math.max(round, 0);
        c[at] = micros(this::floorLook);
        full[at] = micros(fullScanner::look);
        double allocated = allocated();
        Snapshot[] next = new Snapshot[1];
        usual[at] = micros(() -> next[0] = usualScanner.look());
        bytes[at] = allocated() - allocated;
        Snapshot last = before;
        diffing[at] = micros(() -> diff.between(last, next[0]));
        before = next[0];
        processes = before.report().processes();
        first[at] =
            micros(
                () -> {
                  try (ProcScanner fresh =
                      new ProcScanner(ScanSettings.DEFAULT, HostClock.SYSTEM)) {
                    fresh.look();
                  }
                });
        if (round >= 0 && round < lsns.length) {
          lsns[round] = Tools.run(List.of("lsns", "-n")).endMillis() * 1000;
        }
      }
      report(processes, before.namespaces().size(), c, full, usual, first, diffing, bytes, lsns);
    }
  }

  private void report(
      int processes,
      int namespaces,
      double[] c,
      double[] full,
      double[] usual,
      double[] first,
      double[] diffing,
      double[] bytes,
      double[] lsns) {
    double floorMicros = Tools.median(c);
    double lsnsMicros = Tools.median(lsns);
    System.out.printf(
        Locale.ROOT,
        "%n%d processes, %d namespaces, %d rounds%n%-46s %10s %9s %13s%n",
        processes,
        namespaces,
        rounds,
        "",
        "us/process",
        "x C floor",
        "x lsns' speed");
    line("C floor: openat + 8 readlinkat", floorMicros, floorMicros, lsnsMicros, processes);
    line("look, all links of all read", Tools.median(full), floorMicros, lsnsMicros, processes);
    line("look, idle processes skipped", Tools.median(usual), floorMicros, lsnsMicros, processes);
    line("first look, with the search", Tools.median(first), floorMicros, lsnsMicros, processes);
    line("lsns -n", lsnsMicros, floorMicros, lsnsMicros, processes);
    System.out.printf(
        Locale.ROOT,
        "diff: %.1f us, %.2f %% of a look that reads all, %.1f %% of one that skips%n",
        Tools.median(diffing),
        100 * Tools.median(diffing) / Tools.median(full),
        100 * Tools.median(diffing) / Tools.median(usual));
    System.out.printf(
        Locale.ROOT,
        "allocated in a look: %.0f bytes, %.1f a process%n",
        Tools.median(bytes),
        Tools.median(bytes) / processes);
  }

  private static void line(String what, double micros, double floor, double lsns, int processes) {
    System.out.printf(
        Locale.ROOT,
        "%-46s %10.2f %9.2f %13.1f%n",
        what,
        micros / processes,
        micros / floor,
        lsns / micros);
  }

  private static int warmUp(Snapshot snapshot) {
    return Math.clamp(60_000 / snapshot.report().processes(), 3, 60);
  }

  private void floorLook() {
    try {
      int _ = (int) floor.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static double micros(Step step) throws IOException {
    long began = System.nanoTime();
    step.run();
    return (System.nanoTime() - began) / 1e3;
  }

  private static double allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
