import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes the image that people run, `target/nsmon`: a runtime of the JDK modules that are needed,
/// our jars and those they need, the start script, a cache of the classes as a trained JVM laid
/// them out, and what is in all this: the notices and a bill of materials.
///
/// Maven runs this file on the JDK that compiled the project, with the runtime class path of the
/// program as its own. The image is built beside the old one and takes its place when it is whole.
final class BuildImage {

  /// What Maven hands over.
  ///
  /// @param target the build directory of this module
  /// @param jar this module's own jar
  /// @param sources the directory of this file, of the template of the start script, and of
  ///   licences
  /// @param modules the JDK modules of the runtime, separated by commas
  /// @param training the command line that the cache is trained with
  /// @param started when the build began: a source changed later is newer than the image
  /// @param time what is written down as the time of the build, so that the same sources give the
  ///   same
  record Plan(
      Path target,
      Path jar,
      Path sources,
      String modules,
      List<String> training,
      Instant started,
      String time) {

    static Plan of(String[] args) {
      return new Plan(
          Path.of(args[0]),
          Path.of(args[1]),
          Path.of(args[2]),
          args[3],
          List.of(args[4].split(" ")),
          Instant.parse(args[5]),
          args[6]);
    }
  }

  private static final long TRAINING_SECONDS = 120;

  private final Plan plan;
  private final Path image;

  private BuildImage(Plan plan) {
    this.plan = plan;
    this.image = plan.target().resolve("nsmon.new");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    new BuildImage(Plan.of(args)).build();
  }

  private void build() throws IOException, InterruptedException {
    delete(image);
    Files.createDirectories(image.resolve("lib"));
    Files.createDirectories(image.resolve("bin"));
    linkTree(runtime(), image.resolve("runtime"));
    List<Artifact> artifacts = artifacts();
    describe(artifacts);
    Jars jars = new Jars(image.resolve("lib"), FileTime.from(Instant.parse(plan.time())));
    for (Artifact artifact : artifacts) {
      jars.put(artifact);
    }
    writeScript(artifacts);
    train();
    Path stamp = Files.createFile(image.resolve(".built"));
    Files.setLastModifiedTime(stamp, FileTime.from(plan.started()));
    takePlace();
  }

  /// The linked runtime; made again only when the JDK or the list of modules is another.
  private Path runtime() throws IOException {
    Path jdk = Path.of(System.getProperty("java.home"));
    Path runtime = plan.target().resolve("runtime");
    Path madeOf = plan.target().resolve("runtime.txt");
    String recipe = jdk + "\n" + plan.modules() + "\n" + Files.readString(jdk.resolve("release"));
    if (Files.exists(madeOf) && Files.readString(madeOf).equals(recipe)) {
      return runtime;
    }
    delete(runtime);
    int status =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("no jlink in " + jdk))
            .run(
                System.out,
                System.err,
                "--add-modules=" + plan.modules(),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress=zip-6",
                "--output=" + runtime);
    if (status != 0) {
      throw new IllegalStateException("jlink failed with status " + status);
    }
    Files.writeString(madeOf, recipe);
    return runtime;
  }

  /// Our jar and those of the class path, in its order, without those for other machines.
  private List<Artifact> artifacts() throws IOException {
    List<Artifact> artifacts = new ArrayList<>(List.of(Artifact.of(plan.jar())));
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (entry.endsWith(".jar")) {
        Artifact artifact = Artifact.of(Path.of(entry));
        if (!Jars.isForeign(artifact)) {
          artifacts.add(artifact);
        }
      }
    }
    return artifacts;
  }

  private void writeScript(List<Artifact> artifacts) throws IOException {
    String classPath =
        artifacts.stream()
            .map(artifact -> "$home/lib/" + artifact.fileName())
            .collect(Collectors.joining(":"));
    Path script = image.resolve("bin/nsmon");
    String template = Files.readString(plan.sources().resolve("nsmon"));
    Files.writeString(script, template.replace("@CLASSPATH@", classPath));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void describe(List<Artifact> artifacts) throws IOException {
    Path share = image.resolve("share");
    Path doc = Files.createDirectories(share.resolve("doc/nsmon"));
    Licences licences = Licences.read(plan.sources().resolve("licences"));
    LinkedRuntime runtime =
        LinkedRuntime.of(Path.of(System.getProperty("java.home")), image.resolve("runtime"));
    new Notices(artifacts, licences, runtime).write(doc.resolve("THIRD-PARTY.txt"));
    new Bom(artifacts, licences, runtime, plan.time()).write(doc.resolve("nsmon.cdx.json"));
    String version = artifacts.getFirst().pom().version();
    Manual.write(share, version, plan.time().substring(0, 10));
  }

  /// Runs the program once so that the JVM writes down what it loaded and linked. Where the program
  /// cannot run (a container may forbid what it needs), the image goes without a cache.
  private void train() throws IOException, InterruptedException {
    Path cache = image.resolve("nsmon.aot");
    Path log = plan.target().resolve("training.log");
    List<String> command = new ArrayList<>(List.of(image.resolve("bin/nsmon").toString()));
    command.addAll(plan.training());
    ProcessBuilder run = new ProcessBuilder(command).redirectErrorStream(true);
    run.environment().put("NSMON_JVM_OPTIONS", "-XX:AOTCacheOutput=" + cache);
    Process process =
        run.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    if (!ended || process.exitValue() != 0 || !Files.exists(cache)) {
      Files.deleteIfExists(cache);
      System.err.println(
          "[WARNING] nsmon will start slower: no AOT cache, because the training run failed; see "
              + log);
    }
  }

  private void takePlace() throws IOException {
    Path current = plan.target().resolve("nsmon");
    Path old = plan.target().resolve("nsmon.old");
    delete(old);
    if (Files.exists(current)) {
      Files.move(current, old);
    }
    Files.move(image, current, StandardCopyOption.ATOMIC_MOVE);
    delete(old);
  }

  private static void linkTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path copy = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectory(copy);
        } else {
          Files.createLink(copy, path);
        }
      }
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
