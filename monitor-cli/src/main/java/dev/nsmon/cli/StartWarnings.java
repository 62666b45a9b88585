package dev.nsmon.cli;

import dev.nsmon.cli.Faults.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Checks for problems that `config check` reports although `serve` starts, because they may be
/// temporary. Such are a directory that can't be written, a full disk, and a broker or receiver
/// that does not answer.
///
/// Nothing is created or written: directories are judged by the permissions of the current user.
final class StartWarnings {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// With fewer free bytes a disk counts as full.
  private static final long LEAST_ROOM = 1 << 20;

  private final List<Fault> directories = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();

  /// A broker or receiver to connect to.
  private record Asked(String option, String host, int port) {
    /// Tries a TCP connection. Returns why it fails; empty if it succeeds.
    Optional<String> fault() {
      try (Socket socket = new Socket()) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
          return Optional.of("there is no host " + host);
        }
        socket.connect(address, Math.toIntExact(PATIENCE.toMillis()));
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of(host + ":" + port + ": " + e.getMessage());
      }
    }
  }

  /// Checks a file that `serve` will write.
  ///
  /// @param meanwhile what `serve` does until it can be written
  void file(String option, Path file, String meanwhile) {
    Path absolute = file.toAbsolutePath();
    if (Files.exists(absolute) && !Files.isRegularFile(absolute) && !Files.isDirectory(absolute)) {
      // A pipe or a device exists already: its directory need not be writable.
      return;
    }
    String reason = unwritable(absolute);
    if (!reason.isEmpty()) {
      directories.add(new Fault(option, ": " + reason + ": serve starts, and " + meanwhile));
    }
  }

  private static String unwritable(Path file) {
    if (Files.isDirectory(file)) {
      return file + " is a directory";
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      return file + " can't be written by this user";
    }
    Path existing = file.getParent();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return existing + " is no directory";
    }
    if (!Files.isWritable(existing)) {
      return existing + " can't be written by this user";
    }
    try {
      long room = Files.getFileStore(existing).getUsableSpace();
      return room < LEAST_ROOM ? "the disk of " + existing + " is full" : "";
    } catch (IOException e) {
      return existing + ": " + e.getMessage();
    }
  }

  /// Adds a broker or receiver; [#all] connects to it.
  void receiver(String option, String host, int port) {
    asked.add(new Asked(option, host, port));
  }

  /// All problems found. Connects to all brokers and receivers at the same time, and blocks for up
  /// to 3 s, plus name resolution, if one does not answer.
  List<Fault> all() throws InterruptedException {
    List<Fault> all = new ArrayList<>(directories);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> answers =
          asked.stream().map(one -> threads.submit(one::fault)).toList();
      for (int i = 0; i < answers.size(); i++) {
        String option = asked.get(i).option();
        answers
            .get(i)
            .get()
            .ifPresent(
                why -> all.add(new Fault(option, ": " + why + ": serve starts, and tries on")));
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
