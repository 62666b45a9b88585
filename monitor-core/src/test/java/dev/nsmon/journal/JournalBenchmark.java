package dev.nsmon.journal;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// How fast the journal takes and gives events, and what they cost on the disk and in memory,
/// beside the same lines written to a plain file with the same rhythm of syncs.
///
/// Run it as the monitor runs: `java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmn4m`.
final class JournalBenchmark {
  private static final int EVENTS = 1_500_000;
  private static final int BATCH = 1000;
  private static final long SYNC_NANOS = 200_000_000;

  private JournalBenchmark() {}

  /// Prints the figures.
  ///
  /// @param args a directory to write to
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "journal");
    for (int round = 1; round <= 2; round++) {
      double plain = plain(directory.resolve("lines" + round));
      long json = Files.size(directory.resolve("lines" + round));
      Path file = directory.resolve("journal" + round + ".db");
      double journal = journal(file);
      System.out.printf(
          "append: journal %.0f/s, plain file %.0f/s, ratio %.2f%n",
          journal, plain, journal / plain);
      System.out.printf("bytes: journal / json %.3f%n", (double) Files.size(file) / json);
      Files.delete(file);
      Files.delete(directory.resolve("lines" + round));
    }
  }

  private static double plain(Path file) throws IOException {
    JsonFormat format = new JsonFormat(Life.HOST, "stream-1234567890");
    long began = System.nanoTime();
    long synced = began;
    ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 20);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      for (long seq = 1; seq <= EVENTS; seq++) {
        format.write(seq, Life.event(seq), lines);
        if (seq % BATCH == 0) {
          out.write(ByteBuffer.wrap(lines.toByteArray()));
          lines.reset();
          if (System.nanoTime() - synced > SYNC_NANOS) {
            out.force(false);
            synced = System.nanoTime();
          }
        }
      }
      out.force(false);
    }
    return EVENTS * 1e9 / (System.nanoTime() - began);
  }

  private static double journal(Path file) throws IOException, InterruptedException {
    HostClock clock = Life.CLOCK;
    try (Journal journal =
        Journal.open(
            new JournalSettings(file, 4L << 30, JournalSettings.DEFAULT_AGE),
            Life.HOST,
            "stream-1234567890",
            clock,
            line -> System.out.println(line))) {
      EventLog log = EventLog.durable(journal.stream(), 1, 16 << 20, clock, journal);
      journal.start(
          log, () -> new Present(log.nextSeq() - 1, Snapshot.EMPTY), false, Parent.NONE, _ -> {});
      EventLog.Cursor newest = log.from(1);
      long rss = rss();
      long began = System.nanoTime();
      for (long seq = 1; seq <= EVENTS; seq += BATCH) {
        List<NamespaceEvent> events = new ArrayList<>(BATCH);
        for (long at = seq; at < seq + BATCH; at++) {
          events.add(Life.event(at));
        }
        log.append(events);
        // No further ahead than memory holds.
        if (seq > 8L * BATCH) {
          newest = log.from(seq - 8L * BATCH);
          newest.take(1);
        }
      }
      log.from(EVENTS).take(1);
      double rate = EVENTS * 1e9 / (System.nanoTime() - began);
      System.out.printf("RSS: %+.1f MiB%n", (rss() - rss) / 1024.0);
      EventLog.Cursor cursor = log.from(1);
      began = System.nanoTime();
      long bytes = 0;
      while (cursor.position() <= EVENTS) {
        for (Entry entry : cursor.take(512).orElseThrow()) {
          bytes += entry.json().map(json -> json.length).orElse(0);
        }
      }
      System.out.printf(
          "drain: %.0f/s, %.0f bytes each; RSS: %+.1f MiB%n",
          EVENTS * 1e9 / (System.nanoTime() - began),
          (double) bytes / EVENTS,
          (rss() - rss) / 1024.0);
      log.close();
      return rate;
    }
  }

  private static long rss() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
