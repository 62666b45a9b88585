package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A user without privileges who holds as much as the kernel allows, or whose file system does not
/// answer, holds up nobody: all that others do is told, and nothing is said to be lost.
@Tag("full")
final class HoardIT {
  private static final Path SOURCE = Path.of("src/test/c/hoard.c").toAbsolutePath();

  private static final int LIVES = 50;

  /// Of a process or a table of mounts.
  private static final int MOST_NAMED = 100;

  @TempDir private static Path directory;
  private static Path hoard;

  @BeforeAll
  static void compile() {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("gcc");
    hoard = directory.resolve("hoard");
    Child.start("gcc", "-O1", "-pthread", "-o", hoard.toString(), SOURCE.toString())
        .result()
        .endedWith(0);
  }

  @ParameterizedTest
  @CsvSource({
    "mounts, 90000, 1, mount",
    "descriptors, 15000, 2, fd",
    "sockets, 15000, 2, socket",
    "threads, 10000, 1, ''"
  })
  void whateverHeHoldsOthersAreTold(String what, int each, int processes, String holder)
      throws IOException {
    List<Child> hoards = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        hoards.add(Child.start(hoard.toString(), what, "" + each));
      }
      hoards.forEach(one -> one.awaitLine(("has " + each)::equals));
      Map<String, Integer> named = named(Nsmon.run("list", "-o", "json").endedWith(0), _ -> true);
      assertEquals(holder.isEmpty() ? null : MOST_NAMED, named.get(holder), named::toString);
      watchTellsAll();
    } finally {
      hoards.forEach(Child::close);
    }
  }

  /// By its kind, how many holders that one of these namespaces has that has most of them.
  private static Map<String, Integer> named(Result list, Predicate<JsonNode> which) {
    Map<String, Integer> most = new TreeMap<>();
    for (JsonNode one : Nsmon.json(list.lines()).stream().filter(which).toList()) {
      Map<String, Integer> counts = new TreeMap<>();
      one.path("holders")
          .forEach(holder -> counts.merge(holder.get("kind").asText(), 1, Integer::sum));
      counts.forEach((kind, count) -> most.merge(kind, count, Math::max));
    }
    return most;
  }

  private static void watchTellsAll() throws IOException {
    try (Child watch = Nsmon.watch("-o", "json", "--reconcile", "1s")) {
      watch.awaitLine(line -> line.contains("\"synced\""));
      for (int life = 0; life < LIVES; life++) {
        try (Child one = Child.start("unshare", "-u", "true")) {
          one.result().endedWith(0);
          String pid = "\"pid\":" + one.pid() + ",";
          watch.awaitLine(line -> line.contains("process-left") && line.contains(pid));
        }
      }
      List<JsonNode> told = Nsmon.json(watch.lines());
      assertTrue(
          told.stream().noneMatch(one -> one.get("kind").asText().equals("events-lost")),
          () -> watch.err() + told);
    }
  }

  /// A process has a file open there, and has mounted it over the file of a namespace.
  @Test
  void fileSystemThatDoesNotAnswerHoldsUpNobody() throws IOException {
    Needs.tool("bindfs");
    Path behind = Files.createDirectory(directory.resolve("behind"));
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Path point = Files.createFile(directory.resolve("point"));
    Files.createFile(behind.resolve("file"));
    Path file = disk.resolve("file");
    Child server = Child.start("bindfs", "-f", behind.toString(), disk.toString());
    try {
      Child.eventually()
          .until(
              () ->
                  Nsmon.shell("mountpoint -q " + disk).code() == 0
                      || server.hasEndedWithin(Duration.ZERO));
      assertTrue(!server.hasEndedWithin(Duration.ZERO), () -> "can't mount: " + server.err());
      String holds =
          "exec 9< %2$s; mount --bind /proc/self/ns/uts %1$s; mount --bind %2$s %1$s; echo ready; cat"
              .formatted(point, file);
      try (Child holder = Child.start("unshare", "-mu", "sh", "-c", holds)) {
        holder.awaitLine("ready"::equals);
        String uts = holder.namespace("uts").replaceAll("\\D", "");
        server.signal("STOP");
        Result list = Nsmon.run("list", "-o", "json").endedWith(0);
        assertEquals(1, named(list, one -> one.get("inode").asText().equals(uts)).get("mount"));
        watchTellsAll();
        server.signal("CONT");
      }
    } finally {
      server.signal("CONT");
      Nsmon.shell("umount -l " + disk);
      server.close();
    }
  }
}
