import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a program needs of the system that it was built on: a shell and the C library, by the paths
/// under which the loader looks for them, and the packages that they are of.
///
/// @param files by absolute path; each may be a link
/// @param packages whose the files are
record HostFiles(Set<Path> files, List<Package> packages) {

  /// @param texts its licences, by absolute path
  record Package(String name, String version, String purl, Set<Path> texts) {}

  private static final Path SHELL = Path.of("/bin/sh");
  private static final Pattern LIBRARY = Pattern.compile("(?:=>\\s|^)\\s*(/\\S+) \\(0x");
  private static final Pattern MISSING = Pattern.compile("(\\S+) => not found");
  private static final Pattern COMMON = Pattern.compile("/usr/share/common-licenses/[\\w.-]*\\w");

  /// What the ELF files below a directory need, and a shell.
  ///
  /// @throws IllegalStateException if a library is missing, or nobody knows whose a file is
  static HostFiles neededBy(Path image) throws IOException, InterruptedException {
    Set<Path> files = new TreeSet<>(Set.of(SHELL));
    List<String> ldd = new ArrayList<>(List.of("ldd", SHELL.toString()));
    try (Stream<Path> tree = Files.walk(image)) {
      tree.filter(HostFiles::isElf).forEach(file -> ldd.add(file.toString()));
    }
    String said = run(ldd);
    for (MatchResult missing : MISSING.matcher(said).results().toList()) {
      // The JVM has loaded its own by the time they are needed.
      if (ldd.stream().noneMatch(file -> file.endsWith("/" + missing.group(1)))) {
        throw new IllegalStateException("there is no " + missing.group(1));
      }
    }
    said.lines()
        .flatMap(line -> LIBRARY.matcher(line).results())
        .map(found -> Path.of(found.group(1)).normalize())
        .filter(library -> !library.startsWith(image))
        .forEach(files::add);
    if (files.size() == 1) {
      throw new IllegalStateException("ldd does not tell what is needed");
    }
    TreeMap<String, Package> packages = new TreeMap<>();
    for (Path file : files) {
      Package one = packageOf(file);
      packages.put(one.name(), one);
    }
    return new HostFiles(files, List.copyOf(packages.values()));
  }

  private static boolean isElf(Path file) {
    return Files.isRegularFile(file)
        && (file.toString().endsWith(".so") || file.getParent().endsWith("runtime/bin"));
  }

  private static Package packageOf(Path file) throws IOException, InterruptedException {
    // Where /lib is a link to /usr/lib, packages know a file by either name.
    Path real = file.toRealPath();
    for (Path name : List.of(file, real, Path.of(real.toString().replaceFirst("^/usr", "")))) {
      Optional<Package> debian = debian(name);
      Optional<Package> found = debian.isPresent() ? debian : rpm(name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalStateException("no package owns " + file);
  }

  private static Optional<Package> debian(Path file) throws IOException, InterruptedException {
    // A file that was moved aside by a package is spoken of in a line of its own.
    Optional<String> owner =
        run(List.of("dpkg-query", "--search", file.toString()))
            .lines()
            .filter(line -> line.endsWith(": " + file) && !line.startsWith("diversion "))
            .map(line -> line.substring(0, line.indexOf(": ")))
            .findFirst();
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    String name = owner.get().replaceFirst(":.*", "");
    String[] is =
        run(List.of("dpkg-query", "--show", "--showformat=${Version} ${Architecture}", owner.get()))
            .split(" ");
    Path copyright = Path.of("/usr/share/doc", name, "copyright");
    Set<Path> texts = new TreeSet<>(Set.of(copyright));
    COMMON
        .matcher(Files.readString(copyright))
        .results()
        .map(MatchResult::group)
        .map(Path::of)
        .filter(Files::exists)
        .forEach(texts::add);
    return Optional.of(new Package(name, is[0], purl("deb", name, is[0], is[1]), texts));
  }

  private static Optional<Package> rpm(Path file) throws IOException, InterruptedException {
    String format = "%{NAME} %{VERSION}-%{RELEASE} %{ARCH}\\n";
    List<String> is = run(List.of("rpm", "-qf", "--qf", format, file.toString())).lines().toList();
    if (is.size() != 1 || is.getFirst().split(" ").length != 3) {
      return Optional.empty();
    }
    String[] words = is.getFirst().split(" ");
    Set<Path> texts =
        run(List.of("rpm", "-q", "--licensefiles", words[0]))
            .lines()
            .map(Path::of)
            .collect(Collectors.toCollection(TreeSet::new));
    return Optional.of(
        new Package(words[0], words[1], purl("rpm", words[0], words[1], words[2]), texts));
  }

  private static String purl(String type, String name, String version, String arch)
      throws IOException {
    String distribution =
        Files.readString(Path.of("/etc/os-release"))
            .lines()
            .filter(line -> line.startsWith("ID="))
            .map(line -> line.substring(3).replace("\"", ""))
            .findFirst()
            .orElseThrow();
    String encoded = URLEncoder.encode(version, StandardCharsets.UTF_8);
    return "pkg:" + type + "/" + distribution + "/" + name + "@" + encoded + "?arch=" + arch;
  }

  /// What a command says on stdout; nothing if there is no such command.
  private static String run(List<String> command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (IOException e) {
      return "";
    }
  }
}
