package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A monitor in a JVM of its own that tells events without end, and says what it is handed back.
final class JournalChild {
  private JournalChild() {}

  /// Starts one.
  ///
  /// @param options of the JVM
  static Process start(Path file, int perSecond, String bootId, String... options)
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
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /// Runs until it is killed.
  ///
  /// @param args the file, how many events a second, the boot id
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = System.out;
    long began = System.nanoTime();
    int perMilli = Integer.parseInt(args[1]) / 1000;
    Life life =
        new Life(
            new JournalSettings(Path.of(args[0])),
            new Host("alpha", Life.HOST.id(), args[2]),
            InstantSource.system(),
            8 << 20);
    life.remarks.forEach(line -> out.println("remark " + line));
    long next = life.journal.nextSeq();
    out.println("next " + next + " " + (System.nanoTime() - began) / 1_000_000);
    EventLog.Cursor cursor = life.log.from(next);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (true) {
                life.tell(perMilli);
                try {
                  Thread.sleep(1);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    while (true) {
      List<Entry> entries = cursor.take(1000).orElseThrow();
      out.println("kept " + entries.getLast().seq() + " " + entries.getLast().kind());
      life.journal.cursor("sink", cursor.position());
    }
  }
}
