package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The same sources give the same bytes: nothing in our archives knows when, or in which order of a
/// directory, they were made.
@Tag("full")
final class ReproducibleIT {
  private static final Path LIB = Nsmon.image().resolve("lib");

  /// What the build writes down as its time.
  private static Instant time() throws IOException {
    Path bill = Nsmon.image().resolve("share/doc/nsmon/nsmon.cdx.json");
    return Instant.parse(Nsmon.json(Files.readString(bill)).at("/metadata/timestamp").asText());
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(LIB)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  @Test
  void ourJarsHaveOneTimeAndAreInOrder() throws IOException {
    LocalDateTime time = LocalDateTime.ofInstant(time(), ZoneOffset.UTC);
    int found = 0;
    for (Path file : jars()) {
      if (file.getFileName().toString().startsWith("monitor-")) {
        found++;
        try (JarFile jar = new JarFile(file.toFile())) {
          List<? extends ZipEntry> entries = jar.stream().toList();
          for (ZipEntry entry : entries) {
            assertEquals(time, entry.getTimeLocal(), file + ": " + entry.getName());
          }
          // The manifest comes first, and directories before what is in them.
          List<String> classes =
              entries.stream().map(ZipEntry::getName).filter(n -> n.endsWith(".class")).toList();
          assertEquals(classes.stream().sorted().toList(), classes, file::toString);
        }
      }
    }
    assertEquals(3, found);
  }

  /// The cache of classes knows jars by their times, so packages and layers must keep them.
  @Test
  void whatTheImageCopiesHasThatTimeToo() throws IOException {
    try (Stream<Path> files = Files.list(LIB)) {
      for (Path file : files.toList()) {
        assertEquals(time(), Files.getLastModifiedTime(file).toInstant(), file::toString);
      }
    }
    // Classes in it were made anew.
    try (JarFile jar = new JarFile(LIB.resolve("picocli.jar").toFile())) {
      LocalDateTime time = LocalDateTime.ofInstant(time(), ZoneOffset.UTC);
      assertTrue(jar.stream().noneMatch(entry -> entry.getTimeLocal().isAfter(time)));
    }
  }

  @Test
  void theRpmSaysThatTimeAndNoMachine() throws IOException {
    Path rpm = Nsmon.image().resolveSibling("nsmon.rpm");
    Needs.built(rpm);
    String format = "%{BUILDTIME} %{BUILDHOST}";
    Result result = Child.start("rpm", "-qp", "--qf", format, "" + rpm).result().endedWith(0);
    assertEquals(time().getEpochSecond() + " localhost", result.out());
  }

  @Test
  void theContainerImageSaysThatTime() throws IOException {
    Path archive = Nsmon.image().resolveSibling("nsmon-oci.tar");
    Needs.built(archive);
    Result result = Child.start("tar", "tf", "" + archive, "--full-time", "-v", "--utc").result();
    String time = time().toString().replace("T", " ").replace("Z", "");
    assertTrue(result.endedWith(0).lines().stream().allMatch(l -> l.contains(" " + time + " ")));
  }
}
