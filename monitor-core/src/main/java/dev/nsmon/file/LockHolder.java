package dev.nsmon.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the process that has locked a file (`proc_locks(5)`).
final class LockHolder {
  /// `3: FLOCK ADVISORY WRITE 1234 08:01:123456 0 EOF`.
  private static final Pattern LINE =
      Pattern.compile("\\d+: FLOCK +ADVISORY +WRITE +(\\d+) [0-9a-f]+:[0-9a-f]+:(\\d+) .*");

  private static final int MOST_BYTES = 4 << 20;

  private LockHolder() {}

  /// A suffix for a message, ` (process 1234)`; empty if the process is unknown, as from another
  /// pid namespace.
  static String of(long inode) {
    try {
      String locks = InputFile.text(Path.of("/proc/locks"), MOST_BYTES, StandardCharsets.US_ASCII);
      for (String line : locks.split("\n", -1)) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()
            && matcher.group(2).equals(Long.toUnsignedString(inode))
            && !matcher.group(1).equals("0")) {
          return " (process " + matcher.group(1) + ")";
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }
}
