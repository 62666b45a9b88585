package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What a monitor with all its sinks uses does not grow: live heap, resident memory, threads and
/// descriptors, measured each minute once all sinks have caught up.
///
/// Meanwhile stress-ng keeps the machine busy, namespaces come and go, the file system of the
/// journal fills up and is emptied, the broker is halted and goes on, and a client reads slowly.
///
/// An hour (`-Dnsmon.soak.minutes=60`), so it is run by hand, with `-Pfull -Dit.test=SoakTrial`. It
/// prints a line each minute.
@Tag("full")
@Isolated("what it measures depends on what happens on this host")
@Timeout(7200)
final class SoakTrial {
  private static final int MINUTES = Integer.getInteger("nsmon.soak.minutes", 60);

  /// Of a short run most is warm-up.
  private static final int WARM_UP_MINUTES = Math.min(10, MINUTES - 1);

  private static final String LOAD =
      "while :; do unshare -u true; unshare -n true; unshare -pf true; sleep 0.02; done";

  private static final Pattern LAG =
      Pattern.compile("^nsmon_sink_lag_events\\{.*} ([0-9.E]+)$", Pattern.MULTILINE);
  private static final Pattern TOTAL =
      Pattern.compile("^Total +[0-9]+ +([0-9]+)$", Pattern.MULTILINE);
  private static final Pattern RESIDENT =
      Pattern.compile("^VmRSS:\\s+([0-9]+) kB$", Pattern.MULTILINE);

  /// Others on this host make some events too.
  private static final double CAUGHT_UP = 100;

  @TempDir private static Path directory;

  /// @param heap bytes of the objects that are left after a collection
  /// @param resident KiB
  private record Usage(long heap, long resident, long threads, long descriptors) {}

  @BeforeAll
  static void needs() {
    Needs.root();
    for (String tool : List.of("unshare", "stress-ng", "curl")) {
      Needs.tool(tool);
    }
  }

  private static Served serve(Path disk, Broker broker, Receiver receiver) {
    String script =
        """
        exec unshare -m sh -c "mount -t tmpfs -o size=64m none %s; exec \\"\\$@\\"" sh "$@"
        """
            .formatted(disk);
    return Served.of(
        Child.start(
            Nsmon.command(
                "sh",
                "-c",
                script,
                "sh",
                Nsmon.program(),
                "serve",
                "--listen=127.0.0.1:0",
                "--journal=" + disk.resolve("journal.db"),
                "--journal-size=16MiB",
                "--kafka=" + broker.address(),
                "--file=" + directory.resolve("events.json"),
                "--file-size=16MiB",
                "--file-keep=2",
                "--syslog=" + receiver.place())));
  }

  private static void seconds(int seconds) {
    LockSupport.parkNanos(seconds * 1_000_000_000L);
  }

  private static void disturb(int minute, int monitor, Path disk, Broker broker) {
    // The file system is to be seen by the monitor alone.
    Path ballast = Path.of("/proc/" + monitor + "/root" + disk + "/ballast");
    switch (minute % 3) {
      case 1 -> {
        Nsmon.shell("head -c 64m /dev/zero > " + ballast);
        seconds(15);
        Nsmon.shell("rm " + ballast).endedWith(0);
      }
      case 2 -> {
        broker.freeze();
        seconds(15);
        broker.thaw();
      }
      default -> seconds(15);
    }
  }

  private static void awaitCaughtUp(Served serve) {
    Child.eventually()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              String metrics = serve.ask("/metrics");
              List<MatchResult> lags = LAG.matcher(metrics).results().toList();
              return metrics.contains("\nnsmon_journal_up 1.0\n")
                  && !lags.isEmpty()
                  && lags.stream().allMatch(lag -> Double.parseDouble(lag.group(1)) <= CAUGHT_UP);
            });
  }

  private static long number(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + pattern + " in " + text));
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private static Usage usage(int pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
    // Counts live objects, and so collects all garbage first.
    String histogram = Child.start(jcmd, "" + pid, "GC.class_histogram").result().out();
    Path process = Path.of("/proc/" + pid);
    return new Usage(
        number(TOTAL, histogram),
        number(RESIDENT, Files.readString(process.resolve("status"))),
        count(process.resolve("task")),
        count(process.resolve("fd")));
  }

  @Test
  void whatAMonitorUsesDoesNotGrow() throws IOException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    List<Usage> used = new ArrayList<>();
    try (Broker broker = Broker.start();
        Receiver receiver = Receiver.reading(4 << 20)) {
      Nsmon.run("kafka", "create-topics", "--kafka", broker.address()).endedWith(0);
      try (Served serve = serve(disk, broker, receiver);
          Child _ =
              Child.start(
                  "stress-ng", "-q", "--cpu=1", "--io=1", "--temp-path=" + directory.toString());
          Child _ =
              Child.start(
                  "sh",
                  "-c",
                  "curl -sN "
                      + serve.http("/events")
                      + " | while read -r _; do sleep 0.05; done")) {
        int pid = serve.child().pid();
        usage(pid);
        for (int minute = 0; minute < MINUTES; minute++) {
          long end = System.nanoTime() + 60_000_000_000L;
          try (Child _ = Child.start("sh", "-c", LOAD)) {
            seconds(10);
            disturb(minute, pid, disk, broker);
            seconds(10);
          }
          awaitCaughtUp(serve);
          Usage now = usage(pid);
          used.add(now);
          System.out.println("minute " + (minute + 1) + ": " + now);
          LockSupport.parkNanos(end - System.nanoTime());
        }
        System.out.println(serve.ask("/metrics").lines().filter(SoakTrial::isTold).toList());
      }
    }
    judge(used.subList(WARM_UP_MINUTES, used.size()));
  }

  private static boolean isTold(String metric) {
    return metric.startsWith("nsmon_events_total")
        || metric.startsWith("nsmon_events_lost_total")
        || metric.startsWith("nsmon_sink_");
  }

  private static void judge(List<Usage> used) {
    Usage first = used.getFirst();
    Usage last = used.getLast();
    for (Usage one : used) {
      double ratio = (double) one.heap() / first.heap();
      assertTrue(ratio > 0.95 && ratio < 1.05, () -> "live heap: " + used);
    }
    assertTrue(last.resident() <= first.resident() * 1.1, () -> "resident memory: " + used);
    assertTrue(last.threads() <= first.threads(), () -> "threads: " + used);
    assertTrue(last.descriptors() <= first.descriptors(), () -> "descriptors: " + used);
  }
}
