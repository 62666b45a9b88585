import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Makes the page that the server shows: its TypeScript is checked and bundled, and what comes of
/// it stands in the jar under names that change with what is in them, so that a browser may keep
/// them.
///
/// Maven runs this file on the JDK that compiled the project. Nothing is done where nothing
/// changed. Where there is no npm, the page is left out and the build goes on.
final class BuildPage {
  private static final String TARGET = "es2023";

  private final Path source;
  private final Path page;

  /// What the page was last made of.
  private final Path stamp;

  private BuildPage(Path source, Path target) {
    this.source = source;
    this.page = target.resolve("classes/dev/nsmon/page");
    this.stamp = target.resolve("page.txt");
  }

  /// Takes the directory of the sources, and the build directory of this module.
  public static void main(String[] args) throws IOException, InterruptedException {
    new BuildPage(Path.of(args[0]), Path.of(args[1])).build();
  }

  private void build() throws IOException, InterruptedException {
    String recipe = hash(sources());
    if (Files.exists(page.resolve("files.txt"))
        && Files.exists(stamp)
        && Files.readString(stamp).equals(recipe)) {
      return;
    }
    if (!isOnPath("npm") || !isOnPath("node")) {
      System.err.println(
          "[WARNING] the page is left out: npm was not found; install nodejs and npm");
      return;
    }
    install();
    run(tool("tsc"), "--noEmit", "--project", ".");
    delete(page);
    Files.createDirectories(page);
    Path parts = page.resolve("page.json");
    bundle("src/main.ts", "page.js", "--bundle", "--format=esm", "--metafile=" + parts);
    if (Files.readString(parts).contains("\"node_modules/")) {
      throw new IllegalStateException("the page has code of others now; tell so in Notices");
    }
    Files.delete(parts);
    bundle("style.css", "page.css");
    Files.copy(source.resolve("icon.svg"), page.resolve("icon.svg"));
    name();
    Files.writeString(stamp, recipe);
  }

  /// The packages as they are locked; their own scripts are not run.
  private void install() throws IOException, InterruptedException {
    Path done = source.resolve("node_modules/.lock");
    String lock = Files.readString(source.resolve("package-lock.json"));
    if (!Files.exists(done) || !Files.readString(done).equals(lock)) {
      run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
      Files.writeString(done, lock);
    }
  }

  private void bundle(String from, String to, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                tool("esbuild"),
                from,
                "--minify",
                "--target=" + (to.endsWith(".js") ? TARGET : "chrome123"),
                "--log-level=warning",
                "--outfile=" + page.resolve(to)));
    command.addAll(List.of(options));
    run(command.toArray(String[]::new));
  }

  /// Puts a hash into the names of what the page loads, and lists all files there are.
  private void name() throws IOException {
    String html = Files.readString(source.resolve("index.html"));
    List<String> names = new ArrayList<>(List.of("index.html"));
    for (String plain : List.of("page.js", "page.css", "icon.svg")) {
      int dot = plain.indexOf('.');
      String hash = hash(Map.of(plain, Files.readAllBytes(page.resolve(plain)))).substring(0, 12);
      String name = plain.substring(0, dot) + "-" + hash + plain.substring(dot);
      if (!html.contains('"' + plain + '"')) {
        throw new IllegalStateException("index.html does not load " + plain);
      }
      html = html.replace('"' + plain + '"', '"' + name + '"');
      Files.move(page.resolve(plain), page.resolve(name));
      names.add(name);
    }
    Files.writeString(page.resolve("index.html"), html);
    Files.writeString(page.resolve("files.txt"), String.join("\n", names) + "\n");
  }

  /// What the page is made of, by name.
  private Map<String, byte[]> sources() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> top = Files.list(source);
        Stream<Path> code = Files.walk(source.resolve("src"))) {
      for (Path file : Stream.concat(top, code).filter(Files::isRegularFile).toList()) {
        files.put(source.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static String hash(Map<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        digest.update((file.getKey() + "\0" + file.getValue().length + "\0").getBytes());
        digest.update(file.getValue());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private String tool(String name) {
    return source.resolve("node_modules/.bin").resolve(name).toString();
  }

  private static boolean isOnPath(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(source.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      System.err.println(said);
      throw new IllegalStateException("the page was not built: " + command[0] + " failed");
    }
  }

  private static void delete(Path root) throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> tree = Files.walk(root)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
