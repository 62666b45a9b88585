package dev.nsmon.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.cli.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.TestAbortedException;

/// nsmon's image on other kernels, each in a virtual machine of its own: what it reports there is
/// compared with what programs in it say is true. A machine without QEMU or a mirror skips it.
///
/// `mvn verify -Pkernels` runs it. `known.txt` lists what is known to be wrong.
@Tag("kernels")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuestIT {
  /// For a machine that is busy with other things; on a quiet one it takes a tenth of it.
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private static final Path WORK = Path.of("target/guest").toAbsolutePath();

  private static final List<String> TOOLS =
      List.of("qemu-system-x86_64", "gcc", "busybox", "lsns", "ip", "apt-get", "dpkg-deb");

  private Path initramfs;

  @Tag("full")
  @TestFactory
  Stream<DynamicTest> linux5_10() throws IOException {
    return cases(Kernel.V5_10);
  }

  @TestFactory
  Stream<DynamicTest> linux6_1() throws IOException {
    return cases(Kernel.V6_1);
  }

  @TestFactory
  Stream<DynamicTest> linux6_12() throws IOException {
    return cases(Kernel.V6_12);
  }

  @TestFactory
  Stream<DynamicTest> linux6_19() throws IOException {
    return cases(Kernel.V6_19);
  }

  @Tag("full")
  @TestFactory
  Stream<DynamicTest> linux7() throws IOException {
    return cases(Kernel.V7);
  }

  private Stream<DynamicTest> cases(Kernel kernel) throws IOException {
    try {
      assumeTrue(System.getProperty("os.arch").equals("amd64"), "the kernels are for x86-64");
      TOOLS.forEach(Needs::tool);
      return cases(kernel, DebianKernels.ofThisUser().newest(kernel), initramfs());
    } catch (TestAbortedException e) {
      // Surefire is silent about a factory that is skipped, but not about a test.
      return Stream.of(
          DynamicTest.dynamicTest(
              kernel.name() + ": boots",
              () -> {
                throw e;
              }));
    }
  }

  /// Built once, by the first that needs it.
  private synchronized Path initramfs() throws IOException {
    if (initramfs == null) {
      assumeTrue(Files.exists(Path.of("/usr/include/stdio.h")), "there is no libc6-dev here");
      Files.createDirectories(WORK);
      initramfs =
          Initramfs.build(WORK, Path.of(System.getProperty("nsmon.image")).toAbsolutePath());
    }
    return initramfs;
  }

  private static Stream<DynamicTest> cases(Kernel kernel, Path file, Path initramfs)
      throws IOException {
    Guest guest = new Guest(WORK.resolve(kernel.name()));
    long begin = System.nanoTime();
    guest.run(file, initramfs, LIMIT);
    long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    String version = guest.version();
    Results results = Results.of(guest.out());
    Known known = known();
    List<DynamicTest> tests = new ArrayList<>();
    results
        .faults()
        .forEach((name, faults) -> tests.add(test(kernel, version, name, faults, known)));
    tests.add(
        DynamicTest.dynamicTest(
            version + ": known.txt names cases that there are",
            () -> assertEquals(List.of(), known.stale(kernel, results.names()))));
    results.faults().keySet().stream()
        .filter(
            name ->
                known
                    .of(kernel, name)
                    .map(line -> line.status() == Known.Status.UNSTEADY)
                    .orElse(false))
        .forEach(name -> print(version, name, results.faults().get(name)));
    System.out.printf(
        "Linux %s: %d cases, %d of them wrong, in %d s%n",
        guest.release(), tests.size(), results.wrong().size(), seconds);
    return tests.stream();
  }

  private static void print(String version, String name, List<String> faults) {
    String found = faults.isEmpty() ? "right this time" : String.join("; ", faults);
    System.out.println(version + ": " + name + " (unsteady): " + found);
  }

  private static DynamicTest test(
      Kernel kernel, String version, String name, List<String> faults, Known known) {
    String status =
        known
            .of(kernel, name)
            .map(line -> " (known.txt: " + line.status().name().toLowerCase(Locale.ROOT) + ")")
            .orElse("");
    return DynamicTest.dynamicTest(
        version + ": " + name + status,
        () -> known.failure(kernel, name, faults).ifPresent(Assertions::fail));
  }

  private static Known known() throws IOException {
    try (InputStream in = GuestIT.class.getResourceAsStream("known.txt")) {
      return Known.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }
}
