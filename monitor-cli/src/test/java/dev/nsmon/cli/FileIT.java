package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `nsmon serve --file`: what is told stands in the file, whatever happens to monitor and file.
class FileIT {
  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  private Path file() {
    return directory.resolve("events");
  }

  private Child serve(String... options) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "serve",
                "--journal",
                directory.resolve("journal.db").toString(),
                "--file",
                file().toString()));
    args.addAll(List.of(options));
    return Nsmon.start(args.toArray(String[]::new));
  }

  private static Child sleeper() {
    return Child.start("unshare", "--uts", "sleep", "60").awaitComm("sleep");
  }

  /// How it is written. Its inode would not do: the one before may have had the same.
  private static String field(Child child) {
    return "\"pid\":" + child.pid() + ",";
  }

  private static void awaitIn(Path file, String text) {
    Child.eventually().until(() -> Files.exists(file) && Files.readString(file).contains(text));
  }

  private static List<Long> seqs(Path... files) throws IOException {
    List<Long> seqs = new ArrayList<>();
    for (Path one : files) {
      Nsmon.json(Files.readAllLines(one)).stream()
          .map(record -> record.get("seq").asLong())
          .forEach(seqs::add);
    }
    return seqs;
  }

  @Test
  @Tag("full")
  void aMonitorThatIsKilledLeavesNoGapAndNoTornLine() throws IOException {
    for (int i = 0; i < 5; i++) {
      try (Child serve = serve();
          Child sleeper = sleeper()) {
        awaitIn(file(), field(sleeper));
        serve.signal("KILL");
        serve.result().endedWith(137);
      }
    }
    try (Child serve = serve();
        Child sleeper = sleeper()) {
      awaitIn(file(), field(sleeper));
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
    List<Long> seqs = seqs(file());
    Set<Long> each = new HashSet<>(seqs);
    List<JsonNode> kept = Journaled.records(directory.resolve("journal.db"));
    long last = kept.getLast().get("seq").asLong();
    assertEquals(new HashSet<>(LongStream.rangeClosed(1, last).boxed().toList()), each);
    // A record may come again, and then right after the ones that came again with it.
    assertTrue(Set.copyOf(Nsmon.json(Files.readAllLines(file()))).containsAll(kept));
  }

  @Test
  void afterAHangupItIsAnotherFile() throws IOException {
    try (Child serve = serve()) {
      awaitIn(file(), "\"synced\"");
      Path moved = Files.move(file(), directory.resolve("moved"));
      serve.signal("HUP");
      try (Child sleeper = sleeper()) {
        awaitIn(file(), field(sleeper));
      }
      serve.signal("TERM");
      serve.result().endedWith(143);
      List<Long> seqs = seqs(moved, file());
      assertEquals(LongStream.rangeClosed(1, seqs.size()).boxed().toList(), seqs);
    }
  }

  @Test
  void aFullDiskIsWaitedOut() throws IOException {
    Path small = Files.createDirectory(directory.resolve("small"));
    Nsmon.shell("mount -t tmpfs -o size=512k none " + small).endedWith(0);
    try {
      Path filler = small.resolve("filler");
      Path events = small.resolve("events");
      Nsmon.shell("head -c 520000 /dev/zero > " + filler).endedWith(0);
      try (Child serve =
          Nsmon.start("serve", "--journal", "none", "--include-initial", "--file", "" + events)) {
        Child.eventually().until(() -> serve.err().contains("No space left on device"));
        Files.delete(filler);
        Child.eventually().until(() -> serve.err().contains("works again"));
        serve.signal("TERM");
        serve.result().endedWith(143);
      }
      List<Long> seqs = seqs(events);
      assertEquals(LongStream.rangeClosed(1, seqs.size()).boxed().toList(), seqs);
    } finally {
      Nsmon.shell("umount " + small).endedWith(0);
    }
  }
}
