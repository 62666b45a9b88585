package dev.nsmon.cli;

import dev.nsmon.event.AttentionRules;
import dev.nsmon.event.KnownGood;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.format.Escape;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Earlier;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.monitor.MonitorSettings;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.sink.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options of all commands that run a monitor.
final class MonitorOptions {
  /// How long a search for holders may delay events.
  static final Duration SEARCH_SLICE = Duration.ofMillis(20);

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(1);

  @Option(
      names = "--include-initial",
      description = "Tell of processes in the host's own namespaces too.")
  private boolean includeInitial;

  @Option(
      names = "--threads",
      description = "Look for threads that sit in other namespaces than their process.")
  private boolean threads;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = "auto",
      converter = Converters.OfSource.class,
      description =
          "Who tells of changes: perf, proc-connector, poll, or auto for the first of these that"
              + " the kernel grants. Default: auto.")
  private SourceChoice source;

  @Option(
      names = "--known-good",
      split = ",",
      paramLabel = "PROGRAM",
      description =
          "Programs whose joins deserve no attention, as absolute paths, besides those of the"
              + " container runtimes.")
  private Set<String> knownGood = new LinkedHashSet<>();

  @Mixin private NamesOption names;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Converters.OfDuration.class,
      description = "Time from look to look where nothing is pushed, 100ms to 1h. Default: 1s.")
  private Duration interval;

  @Option(
      names = "--reconcile",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Converters.OfDuration.class,
      description = "Time between comparisons of /proc with what was pushed. Default: 30s.")
  private Duration reconcile;

  /// Whether events about processes in the host's initial namespaces only are included.
  boolean includesInitial() {
    return includeInitial;
  }

  /// The longest time between two full scans or reconciliations, with or without a push source.
  Duration pace() {
    return interval.compareTo(reconcile) > 0 ? interval : reconcile;
  }

  /// Programs whose joins are not marked for attention: the container runtimes and `--known-good`.
  KnownGood knownGood() {
    return KnownGood.runtimes().and(knownGood);
  }

  /// Reports values that are out of range.
  void check(Faults faults) {
    check("--interval", interval, faults);
    check("--reconcile", reconcile, faults);
    for (String program : knownGood) {
      if (!program.startsWith("/")) {
        faults.add(
            "--known-good",
            ": '" + Escape.text(program) + "' is no absolute path, such as /opt/cni/bin/bridge");
      }
    }
  }

  private static void check(String option, Duration value, Faults faults) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      faults.add(option, " goes from 100ms to 1h, and " + value.toMillis() + "ms is outside");
    }
  }

  /// Creates a monitor that appends to this log. The caller starts it.
  ///
  /// @param earlier the state at the end of an earlier run; empty if there is none
  /// @throws IOException if /proc can't be read
  Monitor monitor(EventLog log, Optional<Earlier> earlier, Supervisor supervisor, HostClock clock)
      throws IOException {
    ScanSettings settings =
        ScanSettings.DEFAULT
            .withThreads(threads)
            .withSearchSlice(SEARCH_SLICE)
            .withDescribe(includeInitial ? ScanSettings.Describe.ALL : ScanSettings.Describe.NEWS);
    ProcScanner scanner = new ProcScanner(settings, clock);
    return new Monitor(
        scanner,
        new SnapshotDiff(includeInitial),
        new AttentionRules(knownGood()),
        names.naming(MonitorOptions::say, supervisor, clock::nanoTime),
        log,
        new MonitorSettings(interval, reconcile),
        source.feeds(scanner.follower().initialInodes(), includeInitial, clock),
        earlier,
        // On a thread of its own: a stopped terminal must not block the monitor.
        first -> Thread.ofPlatform().daemon().name("remark").start(() -> SeenFrom.warn(first)),
        MonitorOptions::say,
        clock);
  }

  private static void say(String words) {
    Thread.ofPlatform().daemon().name("remark").start(() -> Words.say(words));
  }
}
