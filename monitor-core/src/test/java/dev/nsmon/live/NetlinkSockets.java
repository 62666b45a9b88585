package dev.nsmon.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Who listens to the proc connector, by `/proc/net/netlink`.
final class NetlinkSockets {
  private static final int PROTOCOL = 1;
  private static final int PORT = 2;
  private static final int GROUPS = 3;

  private NetlinkSockets() {}

  /// The port ids of those bound to its group, in our network namespace.
  static List<Integer> listeners() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/net/netlink"))) {
      return lines
          .skip(1)
          .map(line -> line.split(" +"))
          .filter(row -> row[PROTOCOL].equals("11") && row[GROUPS].equals("00000001"))
          .map(row -> Integer.parseUnsignedInt(row[PORT]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
