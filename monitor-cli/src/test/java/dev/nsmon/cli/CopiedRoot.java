package dev.nsmon.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// This machine's files as they are, in a mount namespace where every change is lost at the end: a
/// place to install a package in.
final class CopiedRoot {
  private static final String ENTER =
      """
      set -e
      mount -t tmpfs none $1
      mkdir $1/upper $1/work $1/root
      mount -t overlay -o lowerdir=/,upperdir=$1/upper,workdir=$1/work none $1/root || exit 77
      for d in proc sys dev; do mount --rbind /$d $1/root/$d; done
      mkdir -p $1/root/run/package
      mount --bind $2 $1/root/run/package
      exec chroot $1/root /bin/sh -e /run/package/script
      """;

  /// For scripts: `list_files` lists what there is, apart from what this machine itself changes.
  private static final String BEGIN =
      """
      list_files() {
        find / -xdev -path /proc -prune -o -path /run -prune -o -path /var/lib/dpkg -prune \\
          -o -path /var/lib/rpm -prune -o -path /root/.rpmdb -prune -o -path /var/log -prune -o -path /tmp -prune -o -print | sort
      }
      cd /run/package
      """;

  private CopiedRoot() {}

  /// Runs a script where the package lies in its working directory, under its name.
  ///
  /// @param directory empty, and free to use
  static Result run(Path directory, Path file, String script) throws IOException {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Path room = Files.createDirectory(directory.resolve("room"));
    Files.copy(file, shared.resolve(file.getFileName()));
    Files.writeString(shared.resolve("script"), BEGIN + script, StandardOpenOption.CREATE_NEW);
    Result result =
        Child.start("unshare", "-m", "sh", "-c", ENTER, "sh", "" + room, "" + shared)
            .result(Duration.ofMinutes(3));
    assumeTrue(result.code() != 77, "no overlay file system here: " + result.err());
    return result;
  }
}
