package dev.nsmon.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.cli.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The file system of a guest: nsmon's image in `/opt/nsmon`, Busybox, `lsns` and `ip` of this
/// machine, and in `/guest` the programs that print the truth. One for all kernels.
final class Initramfs {
  /// The scripts and programs, beside the tests.
  static final Path SOURCES = Path.of("src/test/guest").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> TOOLS = List.of("lsns", "ip");
  private static final Pattern LIBRARY = Pattern.compile("(?:=> |\\s)(/\\S+) \\(0x");

  private Initramfs() {}

  /// Compiles the programs and packs all into one file in this directory.
  static Path build(Path directory, Path image) throws IOException {
    Path file = directory.resolve("initramfs.cpio");
    try (Cpio cpio = new Cpio(file)) {
      for (String empty : List.of("/proc", "/sys", "/dev", "/tmp", "/run", "/root", "/out")) {
        cpio.directory(empty);
      }
      cpio.file("/etc/passwd", false, "root:x:0:0:root:/root:/bin/sh\n".getBytes(UTF_8));
      cpio.file("/etc/group", false, "root:x:0:\n".getBytes(UTF_8));
      cpio.file("/etc/machine-id", false, "0123456789abcdef0123456789abcdef\n".getBytes(UTF_8));
      cpio.file("/init", true, Files.readAllBytes(SOURCES.resolve("init")));
      cpio.copy("/guest/cases.sh", SOURCES.resolve("cases.sh"));
      Set<Path> linked = new TreeSet<>();
      linked.add(tool("busybox"));
      cpio.copy("/bin/busybox", tool("busybox"));
      for (String tool : TOOLS) {
        linked.add(tool(tool));
        cpio.copy("/guest/" + tool, tool(tool));
      }
      for (Path program : compile(directory)) {
        cpio.copy("/guest/" + program.getFileName(), program);
      }
      linked.addAll(image(cpio, image));
      for (Path library : libraries(linked)) {
        if (!library.startsWith(image)) {
          cpio.copy(library.toString(), library);
        }
      }
    }
    return file;
  }

  private static Path tool(String name) {
    return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> compile(Path directory) throws IOException {
    try (Stream<Path> sources = Files.list(SOURCES)) {
      return sources
          .filter(source -> source.toString().endsWith(".c"))
          .sorted()
          .map(source -> compile(source, directory))
          .toList();
    }
  }

  private static Path compile(Path source, Path directory) {
    String name = source.getFileName().toString().replace(".c", "");
    Path program = directory.resolve(name);
    // What a program does not use of truth.h is no fault of it.
    Child.start(
            "gcc",
            "-static",
            "-pthread",
            "-O1",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wno-unused-function",
            "-o",
            program.toString(),
            source.toString())
        .result(PATIENCE)
        .endedWith(0);
    return program;
  }

  /// Copies the image and returns those of its files that are linked with libraries.
  private static List<Path> image(Cpio cpio, Path image) throws IOException {
    try (Stream<Path> all = Files.walk(image)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        String path = "/opt/nsmon/" + image.relativize(file);
        if (Files.isSymbolicLink(file)) {
          cpio.symlink(path, Files.readSymbolicLink(file).toString());
        } else {
          cpio.copy(path, file);
        }
      }
      return files.stream()
          .filter(file -> file.startsWith(image.resolve("runtime")))
          .filter(file -> file.toString().endsWith(".so") || Files.isExecutable(file))
          .toList();
    }
  }

  private static Set<Path> libraries(Set<Path> files) {
    return files.stream()
        .flatMap(
            file -> LIBRARY.matcher(Child.start("ldd", file.toString()).result().out()).results())
        .map(MatchResult::group)
        .map(line -> Path.of(line.replaceAll("^.*?(/\\S+) .*$", "$1").strip()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
