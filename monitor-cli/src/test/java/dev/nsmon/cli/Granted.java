package dev.nsmon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A user without privileges but for some capabilities, as a service manager would start one.
///
/// @param program the image in a place that the user can read
/// @param capabilities such as `CAP_SYS_PTRACE`
record Granted(String program, List<String> capabilities) {
  static Granted with(Path directory, String... capabilities) throws IOException {
    return new Granted(new Nobody(directory).program(), List.of(capabilities));
  }

  /// Starts nsmon; the test must close it.
  Child start(String... args) {
    String set =
        capabilities.stream()
            .map(one -> ",+" + one.substring("CAP_".length()).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining("", "-all", ""));
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=" + set,
                "--ambient-caps=" + set,
                "--bounding-set=" + set,
                program));
    command.addAll(Stream.of(args).toList());
    return Child.start(Nsmon.command(command.toArray(String[]::new)));
  }
}
