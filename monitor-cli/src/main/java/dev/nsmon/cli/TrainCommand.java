package dev.nsmon.cli;

import dev.nsmon.journal.JournalReader;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/// `nsmon train`: runs the common commands, so that the build can record the classes that they
/// load, for the AOT cache (JEP 514).
@Command(name = "train", hidden = true, description = "Goes through all that should start fast.")
final class TrainCommand implements Callable<Integer> {
  private static final long SERVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Override
  public Integer call() throws IOException, InterruptedException {
    int code =
        all(
            new String[][] {
              {"list", "--color", "always"},
              {"list", "-o", "json"},
              {"tree", "--type", "user"},
              {"tree"},
              {"watch", "--baseline", "--interval", "100ms", "--duration", "500ms", "--threads"},
              {"watch", "--baseline", "--interval", "100ms", "--duration", "500ms", "-o", "json"},
            });
    if (code != ExitCode.DONE) {
      return code;
    }
    Path directory = Files.createTempDirectory("nsmon");
    String journal = directory.resolve("journal.db").toString();
    serve(directory, journal);
    return isServed(Path.of(journal))
        ? all(
            new String[][] {
              {"history", "--journal", journal, "--type", "net"},
              {"history", "--journal", journal, "-o", "json"},
              {"history", "--journal", journal, "--at", "0s"},
              {"history", "--journal", journal, "--at", "0s", "--tree"},
            })
        : ExitCode.DONE;
  }

  private static int all(String[]... commands) {
    for (String[] command : commands) {
      int code = Main.run(command);
      if (code != ExitCode.DONE) {
        return code;
      }
    }
    return ExitCode.DONE;
  }

  /// Runs `serve` until this process exits.
  private static void serve(Path directory, String journal) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> Main.run("serve", "--journal", journal, "--listen", "127.0.0.1:0"));
    // The JVM deletes these after all shutdown hooks, so after the service has ended.
    directory.toFile().deleteOnExit();
    for (String part : List.of("", "-wal", "-shm", ".lock")) {
      Path.of(journal + part).toFile().deleteOnExit();
    }
  }

  /// Waits up to 10 s for the first event in the journal.
  ///
  /// @return false if there is none; the commands that need no journal are recorded all the same
  private static boolean isServed(Path journal) throws InterruptedException {
    long began = HostClock.SYSTEM.nanoTime();
    while (HostClock.SYSTEM.nanoTime() - began < SERVE_NANOS) {
      try (JournalReader reader = JournalReader.open(journal, HostClock.SYSTEM)) {
        if (reader.oldest().isPresent()) {
          return true;
        }
      } catch (IOException e) {
        // The journal does not exist yet.
      }
      Thread.sleep(50);
    }
    return false;
  }
}
