package dev.nsmon.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Mutation testing: PIT changes the product in one place at a time, and the tests are to notice.
/// Run by the profile `mutation`, in the directory of the module, with the class path of its tests.
///
/// The first argument names the groups, such as `log,formats`, or is `all`; the second is the
/// number of threads. Ends with 1 if fewer are killed than demanded.
final class Mutation {
  private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();
  private static final Path OUT = Path.of("target/mutation");

  private Mutation() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    List<Group> groups =
        args[0].equals("all")
            ? List.of(Group.values())
            : Arrays.stream(args[0].toUpperCase(Locale.ROOT).split(","))
                .map(Group::valueOf)
                .toList();
    List<Accepted> accepted = Accepted.read(Path.of("src/mutation/accepted.txt"));
    Files.createDirectories(OUT);
    run(groups, args[1]);
    Verdict verdict =
        Verdict.of(
            groups, Mutant.read(OUT.resolve("mutations.xml"), Path.of("src/main/java")), accepted);
    Files.write(OUT.resolve("survivors.txt"), verdict.survivors());
    verdict.lines().forEach(System.out::println);
    System.out.println("survivors: " + OUT.resolve("survivors.txt").toAbsolutePath());
    System.exit(verdict.failures().isEmpty() ? 0 : 1);
  }

  private static String all(List<Group> groups, Function<Group, List<String>> globs) {
    return groups.stream()
        .flatMap(group -> globs.apply(group).stream())
        .distinct()
        .collect(Collectors.joining(","));
  }

  private static void run(List<Group> groups, String threads)
      throws IOException, InterruptedException {
    Path log = OUT.resolve("pit.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-classpath",
            System.getProperty("java.class.path"),
            "org.pitest.mutationtest.commandline.MutationCoverageReport",
            "--reportDir=" + OUT,
            "--sourceDirs=src/main/java",
            "--mutableCodePaths=" + CLASSES,
            "--targetClasses=" + all(groups, Group::globs),
            "--targetTests=" + all(groups, Group::tests),
            "--excludedTestClasses=dev.nsmon.*FuzzTest",
            "--outputFormats=XML,HTML",
            "--timestampedReports=false",
            "--threads=" + threads,
            "--jvmArgs=--enable-native-access=ALL-UNNAMED,-XX:+UseSerialGC,-Xmx512m,"
                + "-Djunit.jupiter.extensions.autodetection.enabled=true");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("PIT ended with " + code + ": see " + log.toAbsolutePath());
    }
  }
}
