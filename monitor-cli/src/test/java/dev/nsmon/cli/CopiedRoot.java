package dev.nsmon.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// This machine's files as they are, in a mount namespace where every change is lost at the end: a
/// place to install a package in. What a script changes is in the upper layer of an overlay, and
/// what is installed on the machine meanwhile is not.
///
/// @param result of the script
/// @param traces the paths that it has made (`> PATH`) or removed (`< PATH`), but for those in
///   directories of logs, of temporary files and of package databases
record CopiedRoot(Result result, List<String> traces) {
  private static final Duration PATIENCE = Duration.ofSeconds(55);

  private static final String ENTER =
      """
      set -e
      mount -t tmpfs none $1
      mkdir $1/upper $1/work $1/root
      mount -t overlay -o lowerdir=/,upperdir=$1/upper,workdir=$1/work none $1/root || exit 77
      for d in proc sys dev; do mount --rbind /$d $1/root/$d; done
      mkdir -p $1/root/run/package
      mount --bind $2 $1/root/run/package
      code=0
      chroot $1/root /bin/sh -e /run/package/script || code=$?
      cd $1/upper
      find . -path ./proc -prune -o -path ./run -prune -o -path ./var/lib/dpkg -prune \
          -o -path ./var/lib/rpm -prune -o -path ./root/.rpmdb -prune -o -path ./var/log -prune \
          -o -path ./tmp -prune -o -print | sort | while read -r path; do
        if [ -c "$path" ]; then  # Stands for one below that was removed.
          test ! -e "/$path" || echo "< ${path#.}"
        else
          test -e "/$path" || test -h "/$path" || echo "> ${path#.}"
        fi
      done > $2/traces
      exit $code
      """;

  /// Runs a script where the package lies in its working directory, under its name.
  ///
  /// @param directory empty, and free to use
  static CopiedRoot run(Path directory, Path file, String script) throws IOException {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Path room = Files.createDirectory(directory.resolve("room"));
    Files.copy(file, shared.resolve(file.getFileName()));
    Files.writeString(
        shared.resolve("script"), "cd /run/package\n" + script, StandardOpenOption.CREATE_NEW);
    try (Child child =
        Child.start("unshare", "-m", "sh", "-c", ENTER, "sh", "" + room, "" + shared)) {
      Result result = child.result(PATIENCE);
      assumeTrue(result.code() != 77, "no overlay file system here: " + result.err());
      return new CopiedRoot(result, Files.readAllLines(shared.resolve("traces")));
    }
  }
}
