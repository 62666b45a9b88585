package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.testing.Output;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A monitor in a JVM of its own that tells events without end, and says what it is handed back.
final class JournalChild {
  private JournalChild() {}

  /// Starts one.
  ///
  /// @param options of the JVM
  static Running start(Path file, int perSecond, String bootId, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            JournalChild.class.getName(),
            file.toString(),
            Integer.toString(perSecond),
            bootId));
    return new Running(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /// One that runs until it is killed, or the test ends.
  static final class Running implements AutoCloseable {
    private final Process process;
    private final Output said;

    private Running(Process process) {
      this.process = process;
      this.said = Output.of(process.getInputStream());
    }

    long pid() {
      return process.pid();
    }

    /// What it says next; empty after its end.
    Optional<String> line() {
      return said.line();
    }

    /// Kills it; what it has said can still be read. `Process.destroyForcibly()` would close the
    /// pipe.
    void kill() {
      process.toHandle().destroyForcibly();
    }

    @Override
    public void close() {
      kill();
      process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  /// No more than this many events are in memory alone: on a busy machine the disk is slower than
  /// the rate, and what does not fit into memory any more is lost by design.
  private static final long MOST_UNKEPT = 4_000;

  /// Runs until it is killed.
  ///
  /// @param args the file, how many events a second, the boot id
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = System.out;
    int perMilli = Integer.parseInt(args[1]) / 1000;
    Life life =
        new Life(
            new JournalSettings(Path.of(args[0])),
            new Host("alpha", Life.HOST.id(), args[2]),
            Life.CLOCK,
            8 << 20);
    life.remarks.forEach(line -> out.println("remark " + line));
    long next = life.journal.nextSeq();
    out.println("next " + next);
    EventLog.Cursor cursor = life.log.from(next);
    AtomicLong kept = new AtomicLong(next - 1);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              for (long told = next - 1; ; ) {
                if (told - kept.get() < MOST_UNKEPT) {
                  life.tell(perMilli);
                  told += perMilli;
                }
                try {
                  Thread.sleep(1);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    while (true) {
      List<Entry> entries = cursor.take(1000).orElseThrow();
      kept.set(entries.getLast().seq());
      out.println("kept " + kept + " " + entries.getLast().kind());
      life.journal.cursor("sink", cursor.position());
    }
  }
}
