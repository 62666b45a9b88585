package dev.nsmon.cli;

import dev.nsmon.websocket.ListenSettings;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/// Options that limit the connections of clients to the server.
final class LimitOptions {
  static final List<String> ALL =
      List.of(
          "--listen-connections",
          "--listen-connections-per-address",
          "--listen-pending",
          "--listen-pending-per-address",
          "--listen-pending-bytes",
          "--listen-pending-time");

  /// Default of `--listen-connections`.
  static final int CONNECTIONS = 16_384;

  private static final int MOST = 1_000_000;
  private static final long LEAST_BYTES = 16 << 10;
  private static final long MOST_BYTES = 1 << 20;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Option(
      names = "--listen-connections",
      paramLabel = "N",
      defaultValue = "" + CONNECTIONS,
      converter = Converters.OfCount.class,
      description =
          "How many connections may be open; fewer where the limit of open files leaves fewer."
              + " Default: ${DEFAULT-VALUE}.")
  private long connections;

  @Option(
      names = "--listen-connections-per-address",
      paramLabel = "N",
      defaultValue = "16384",
      converter = Converters.OfCount.class,
      description = "How many of them from one address. Default: ${DEFAULT-VALUE}.")
  private long perAddress;

  @Option(
      names = "--listen-pending",
      paramLabel = "N",
      defaultValue = "1024",
      converter = Converters.OfCount.class,
      description = {
        "How many of them may have shown no token yet, or, where none is",
        "demanded, sent no request; the oldest ends for a new one. Default: ${DEFAULT-VALUE}."
      })
  private long pending;

  @Option(
      names = "--listen-pending-per-address",
      paramLabel = "N",
      defaultValue = "256",
      converter = Converters.OfCount.class,
      description = "How many of those from one address. Default: ${DEFAULT-VALUE}.")
  private long pendingPerAddress;

  @Option(
      names = "--listen-pending-bytes",
      paramLabel = "SIZE",
      defaultValue = "64KiB",
      converter = Converters.OfSize.class,
      description = "How much such a connection may send. Default: ${DEFAULT-VALUE}.")
  private long bytes;

  @Option(
      names = "--listen-pending-time",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Converters.OfDuration.class,
      description = "How long such a connection may last. Default: ${DEFAULT-VALUE}.")
  private Duration time;

  /// Reports values that are out of range.
  void check(Faults faults) {
    count("--listen-connections", connections, faults);
    count("--listen-connections-per-address", perAddress, faults);
    count("--listen-pending", pending, faults);
    count("--listen-pending-per-address", pendingPerAddress, faults);
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
      faults.add("--listen-pending-bytes", " goes from 16KiB, the head of a request, to 1MiB");
    }
    if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
      faults.add("--listen-pending-time", " goes from 1s to 10m");
    }
  }

  private static void count(String option, long value, Faults faults) {
    if (value > MOST) {
      faults.add(option, " goes from 1 to " + MOST + ", and " + value + " is outside");
    }
  }

  ListenSettings.Limits limits() {
    return new ListenSettings.Limits(
        (int) connections,
        (int) perAddress,
        new ListenSettings.Pending((int) pending, (int) pendingPerAddress, bytes, time));
  }
}
