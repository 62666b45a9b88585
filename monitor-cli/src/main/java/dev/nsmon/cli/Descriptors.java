package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nsmon.file.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The limit of open file descriptors, and how many of them connections may use. The others are
/// reserved for `/proc`, the kernel's ring buffers, the journal and the sinks: without them nothing
/// can be observed.
///
/// @param limit `RLIMIT_NOFILE`, which the JVM has raised to the hard limit
/// @param cpus number of CPUs, each of which has ring buffers of its own
record Descriptors(int limit, int cpus) {
  /// The JVM, the journal and the sinks use about 60, and a scan some more for a moment.
  private static final int RESERVED = 256;

  private static final int RESERVED_PER_CPU = 8;

  /// Connections that are accepted however low the limit is.
  private static final int FEWEST = 8;

  /// With the default of `--listen-connections`, a start warns only if the limit leaves fewer than
  /// this.
  private static final int FEW = 4096;

  private static final Pattern LIMIT = Pattern.compile("Max open files +(\\d+|unlimited) .*");

  /// The limit of this process; empty if `/proc/self/limits` can't be read.
  static Optional<Descriptors> own() {
    try {
      String limits = InputFile.text(Path.of("/proc/self/limits"), 64 << 10, US_ASCII);
      OptionalInt limit = limit(limits);
      return limit.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Descriptors(limit.getAsInt(), Runtime.getRuntime().availableProcessors()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static OptionalInt limit(String limits) {
    for (String line : limits.split("\n", -1)) {
      Matcher matcher = LIMIT.matcher(line);
      if (matcher.matches()) {
        String soft = matcher.group(1);
        return OptionalInt.of(
            soft.length() > 9 || soft.equals("unlimited")
                ? Integer.MAX_VALUE
                : Integer.parseInt(soft));
      }
    }
    return OptionalInt.empty();
  }

  private int reserved() {
    return RESERVED + RESERVED_PER_CPU * cpus;
  }

  /// How many connections may be open at a time: four fifths of what is not reserved. The rest is
  /// for connections that are being rejected.
  int connections() {
    return Math.max(FEWEST, (int) ((limit - reserved()) * 4L / 5));
  }

  /// The warning for the start of `serve`; empty if the limit is high enough.
  ///
  /// @param wanted the configured number of connections; empty if nothing listens
  Optional<String> warning(OptionalInt wanted) {
    String limited = "only " + limit + " files may be open at a time (ulimit -Hn, LimitNOFILE=)";
    if (limit < reserved()) {
      return Optional.of(
          limited + ", and nsmon needs " + reserved() + ": namespaces may not be found; raise it");
    }
    return wanted.isPresent()
            && wanted.getAsInt() > connections()
            && (connections() < FEW || wanted.getAsInt() != LimitOptions.CONNECTIONS)
        ? Optional.of(
            "%s: no more than %d connections are let in, instead of %d, so that /proc can be read"
                .formatted(limited, connections(), wanted.getAsInt()))
        : Optional.empty();
  }
}
