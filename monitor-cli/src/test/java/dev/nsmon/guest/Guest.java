package dev.nsmon.guest;

import dev.nsmon.cli.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A virtual machine that runs `cases.sh` on one kernel, in QEMU without KVM.
///
/// @param directory gets `console`, what the kernel says, `said`, what the cases say as they go,
///   and the results in `out`
record Guest(Path directory) {
  /// Two, so that a test sees what happens on several CPUs at once.
  private static final int CPUS = 2;

  private static final int MEBIBYTES = 2048;
  private static final int LINES_SHOWN = 40;

  /// Runs it to its end, and kills it where it takes longer than this.
  void run(Path kernel, Path initramfs, Duration limit) throws IOException {
    Files.createDirectories(out());
    Path archive = directory.resolve("out.tar.gz");
    try (Child qemu = Child.start(command(kernel, initramfs, archive))) {
      if (!qemu.hasEndedWithin(limit)) {
        qemu.end();
        throw failed("has not ended within " + limit.toSeconds() + " s", qemu);
      }
      if (Files.size(archive) == 0) {
        throw failed("has ended without results", qemu);
      }
      Child.start("tar", "-xzf", archive.toString(), "-C", out().toString()).result().endedWith(0);
    }
  }

  private ProcessBuilder command(Path kernel, Path initramfs, Path archive) {
    return new ProcessBuilder(
        "qemu-system-x86_64",
        "-machine",
        "q35",
        "-accel",
        "tcg,thread=multi",
        // QEMU 7.2 spoils the flags after cmpxchg16b, of which Linux 6.12 dies. la57 costs page
        // walks.
        "-cpu",
        "max,-la57,-cx16",
        "-smp",
        "" + CPUS,
        "-m",
        "" + MEBIBYTES,
        "-nic",
        "none",
        "-display",
        "none",
        "-monitor",
        "none",
        "-no-reboot",
        "-kernel",
        kernel.toString(),
        "-initrd",
        initramfs.toString(),
        "-append",
        "console=ttyS0 panic=-1 mitigations=off",
        "-serial",
        "file:" + directory.resolve("console"),
        "-serial",
        "file:" + directory.resolve("said"),
        "-serial",
        "file:" + archive);
  }

  private AssertionError failed(String what, Child qemu) throws IOException {
    return new AssertionError(
        "the guest %s\n--- QEMU\n%s--- the cases\n%s\n--- the console\n%s"
            .formatted(what, qemu.err(), tail("said"), tail("console")));
  }

  private String tail(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      return "(nothing)";
    }
    // A console is no text that could not be malformed.
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }

  /// The folder of the results.
  Path out() {
    return directory.resolve("out");
  }

  /// The first two numbers of its release, such as 7.3.
  String version() throws IOException {
    return release().replaceFirst("^(\\d+\\.\\d+).*$", "$1");
  }

  /// What `uname -r` says there.
  String release() throws IOException {
    return Files.readAllLines(directory.resolve("said"))
        .getFirst()
        .replaceFirst("^\\S+ Linux ", "");
  }
}
