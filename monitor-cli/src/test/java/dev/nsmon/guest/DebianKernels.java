package dev.nsmon.guest;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.nsmon.cli.Child;
import dev.nsmon.cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Kernels of Debian, from the mirror that this machine's own apt uses, kept in a folder between
/// runs.
///
/// Works without root: apt gets lists and a cache of its own there, one pair for each suite.
final class DebianKernels {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LISTS_ARE_FRESH = Duration.ofDays(1);
  private static final Path KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  /// `URIs: MIRROR` of a `.sources` file, or `deb [OPTIONS] MIRROR SUITE` of a list.
  private static final Pattern MIRROR =
      Pattern.compile(
          "^(?:URIs: *|deb (?:\\[[^]]*] *)?)(\\S+/debian/?)(?=\\s|$)", Pattern.MULTILINE);

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Path cache;

  DebianKernels(Path cache) {
    this.cache = cache;
  }

  /// Where the XDG Base Directory Specification wants it.
  static DebianKernels ofThisUser() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return new DebianKernels(caches.resolve("nsmon-guest"));
  }

  /// The file of the newest kernel of this kind that can be had. Skips the test where there is
  /// none.
  synchronized Path newest(Kernel kernel) throws IOException {
    Set<String> names = new HashSet<>(kept());
    Optional<Suite> suite = suite(kernel.suite());
    if (suite.isPresent()) {
      names.addAll(suite.get().packages());
    }
    for (String name : newestFirst(kernel, names)) {
      Path file = kernels().resolve(name).resolve("vmlinuz");
      if (Files.exists(file) || (suite.isPresent() && suite.get().unpack(name, file))) {
        return file;
      }
    }
    return abort("the mirror has no Linux " + kernel.name() + " in " + kernel.suite());
  }

  /// The packages of this kind among others.
  static List<String> newestFirst(Kernel kernel, Collection<String> names) {
    return names.stream()
        .filter(kernel.packages().asMatchPredicate())
        .sorted(Comparator.comparing(DebianKernels::version, Arrays::compare).reversed())
        .toList();
  }

  private Path kernels() {
    return cache.resolve("kernels");
  }

  private List<String> kept() throws IOException {
    if (!Files.isDirectory(kernels())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(kernels())) {
      return all.filter(one -> Files.exists(one.resolve("vmlinuz")))
          .map(one -> one.getFileName().toString())
          .toList();
    }
  }

  /// All numbers of a name, in order.
  private static int[] version(String name) {
    return NUMBER
        .matcher(name)
        .results()
        .map(MatchResult::group)
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  /// Empty where there is no mirror, or it can't be read and never was.
  private Optional<Suite> suite(String name) throws IOException {
    Optional<String> mirror = mirror();
    if (mirror.isEmpty()) {
      return Optional.empty();
    }
    Suite suite = new Suite(cache.resolve("suites").resolve(name));
    return suite.update("deb [signed-by=" + KEYS + "] " + mirror.get() + " " + name + " main")
        ? Optional.of(suite)
        : Optional.empty();
  }

  private static Optional<String> mirror() throws IOException {
    List<Path> files = new ArrayList<>(List.of(Path.of("/etc/apt/sources.list")));
    Path directory = Path.of("/etc/apt/sources.list.d");
    if (Files.isDirectory(directory)) {
      try (Stream<Path> more = Files.list(directory)) {
        more.sorted().forEach(files::add);
      }
    }
    for (Path file : files) {
      if (Files.isReadable(file)) {
        Optional<MatchResult> mirror = MIRROR.matcher(Files.readString(file)).results().findFirst();
        if (mirror.isPresent()) {
          return mirror.map(found -> found.group(1));
        }
      }
    }
    return Optional.empty();
  }

  /// One suite, which apt knows apart from the machine's own.
  private record Suite(Path directory) {

    /// Whether its lists are there; they may be older where the mirror does not answer now.
    boolean update(String source) throws IOException {
      Files.createDirectories(directory.resolve("lists/partial"));
      Files.createDirectories(directory.resolve("archives/partial"));
      Files.writeString(directory.resolve("sources.list"), source + "\n");
      Path updated = directory.resolve("updated");
      boolean fresh =
          Files.exists(updated)
              && Files.getLastModifiedTime(updated).toMillis()
                  > System.currentTimeMillis() - LISTS_ARE_FRESH.toMillis();
      if (!fresh) {
        Result update = apt("apt-get", "update", "--error-on=any");
        if (update.code() == 0) {
          Files.writeString(updated, "");
        } else {
          System.err.println(
              directory.getFileName() + ": apt can't read this suite: " + update.err());
        }
      }
      return Files.exists(updated);
    }

    List<String> packages() {
      return apt("apt-cache", "pkgnames", "linux-image-").endedWith(0).lines();
    }

    /// Whether the mirror has it. Since Linux 6.19 the kernel itself lies in a package that the one
    /// of its name depends on.
    boolean unpack(String name, Path file) throws IOException {
      Path work = file.resolveSibling("unpacked");
      delete(work);
      Files.createDirectories(work);
      List<String> packages = new ArrayList<>(List.of("apt-get", "download", name));
      apt("apt-cache", "depends", name).endedWith(0).lines().stream()
          .map(line -> line.replaceFirst("^ *Depends: ", ""))
          .filter(one -> one.startsWith("linux-binary-"))
          .forEach(packages::add);
      Result download = Child.start(command(packages).directory(work.toFile())).result(PATIENCE);
      if (download.code() != 0) {
        System.err.println(name + ": can't be downloaded: " + download.err());
        return false;
      }
      try (Stream<Path> debs = Files.list(work)) {
        for (Path deb : debs.toList()) {
          Child.start("dpkg-deb", "-x", deb.toString(), work.toString())
              .result(PATIENCE)
              .endedWith(0);
        }
      }
      try (Stream<Path> all = Files.walk(work)) {
        Path kernel =
            all.filter(Files::isRegularFile)
                .filter(one -> one.getFileName().toString().startsWith("vmlinuz"))
                .findFirst()
                .orElseThrow(() -> new IOException("no kernel in " + packages));
        Files.move(kernel, file, StandardCopyOption.ATOMIC_MOVE);
      }
      delete(work);
      return true;
    }

    private static void delete(Path directory) throws IOException {
      if (!Files.exists(directory)) {
        return;
      }
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }

    private Result apt(String... command) {
      return Child.start(command(List.of(command))).result(PATIENCE);
    }

    private ProcessBuilder command(List<String> command) {
      List<String> all = new ArrayList<>(command);
      List.of(
              "Dir::Etc::sourcelist=" + directory.resolve("sources.list"),
              "Dir::Etc::sourceparts=/dev/null",
              "Dir::State::Lists=" + directory.resolve("lists"),
              "Dir::State::status=/dev/null",
              "Dir::Cache::archives=" + directory.resolve("archives"),
              "Dir::Cache::pkgcache=",
              "Dir::Cache::srcpkgcache=",
              // The default user of downloads has no permission to write to this directory.
              "APT::Sandbox::User=root",
              "Acquire::Retries=1",
              "Acquire::http::Timeout=20",
              "Acquire::https::Timeout=20")
          .forEach(option -> all.addAll(List.of("-o", option)));
      ProcessBuilder builder = new ProcessBuilder(all);
      builder.environment().put("LC_ALL", "C.UTF-8");
      return builder;
    }
  }
}
