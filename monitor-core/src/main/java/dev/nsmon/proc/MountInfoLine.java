package dev.nsmon.proc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/// A line of `/proc/PID/mountinfo` (`proc_pid_mountinfo(5)`) that mounts a namespace:
///
/// ```
/// 36 35 0:4 net:[4026532177] /run/netns/blue rw shared:24 - nsfs nsfs rw
///  0  1   2                3               4  5 ...          -
/// ```
///
/// @param name what is mounted, from field 3
/// @param mountPoint where, from field 4, relative to the process's root; one char for each byte
///   (ISO 8859-1), since a path need not be text
public record MountInfoLine(NamespaceName name, String mountPoint) {

  /// Parses a line; empty if it is not an nsfs mount.
  static Optional<MountInfoLine> parse(byte[] line) {
    return parse(line, _ -> true);
  }

  /// The same, empty as well for a namespace that is not wanted.
  public static Optional<MountInfoLine> parse(byte[] line, Predicate<NamespaceName> wanted) {
    int[] starts = new int[6];
    int fields = 1;
    for (int at = 0; at < line.length && fields < 6; at++) {
      if (line[at] == ' ') {
        starts[fields++] = at + 1;
      }
    }
    if (fields < 6) {
      return Optional.empty();
    }
    return NamespaceName.parse(line, starts[3], starts[4] - 1)
        .filter(wanted)
        .map(name -> new MountInfoLine(name, unescape(line, starts[4], starts[5] - 1)));
  }

  /// The kernel writes blank, tab, newline and backslash as a backslash and three octal digits.
  private static String unescape(byte[] line, int start, int end) {
    ByteArrayOutputStream path = new ByteArrayOutputStream(end - start);
    for (int at = start; at < end; at++) {
      if (line[at] == '\\' && at + 3 < end && isOctal(line, at + 1)) {
        path.write((line[at + 1] - '0') * 64 + (line[at + 2] - '0') * 8 + line[at + 3] - '0');
        at += 3;
      } else {
        path.write(line[at]);
      }
    }
    return path.toString(StandardCharsets.ISO_8859_1);
  }

  private static boolean isOctal(byte[] line, int at) {
    for (int i = at; i < at + 3; i++) {
      if (line[i] < '0' || line[i] > '7') {
        return false;
      }
    }
    return line[at] <= '3';
  }
}
