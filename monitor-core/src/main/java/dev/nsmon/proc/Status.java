package dev.nsmon.proc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What is taken from `/proc/PID/status` (`proc_pid_status(5)`).
///
/// @param uid real uid; -1 if the file does not tell
/// @param nsPids the pid in each pid namespace, from the reader's inwards; empty if the file does
///   not tell
record Status(int uid, List<Integer> nsPids) {

  /// Parses the file; what is missing or malformed is unknown. A name can't forge a line, since the
  /// kernel writes a newline in it as `\n`.
  static Status parse(byte[] file, int length) {
    int uid = -1;
    List<Integer> nsPids = List.of();
    for (int start = 0; start < length; ) {
      int end = start;
      while (end < length && file[end] != '\n') {
        end++;
      }
      if (startsWith(file, start, end, "Uid:\t")) {
        uid = numbers(file, start + 5, end).stream().findFirst().orElse(-1);
      } else if (startsWith(file, start, end, "NSpid:\t")) {
        nsPids = numbers(file, start + 7, end);
      }
      start = end + 1;
    }
    return new Status(uid, nsPids);
  }

  private static boolean startsWith(byte[] file, int start, int end, String prefix) {
    return end - start >= prefix.length()
        && new String(file, start, prefix.length(), StandardCharsets.ISO_8859_1).equals(prefix);
  }

  /// Numbers that blanks set apart; none if any of them is malformed or out of range.
  private static List<Integer> numbers(byte[] file, int start, int end) {
    List<Integer> numbers = new ArrayList<>(4);
    long value = -1;
    for (int at = start; at <= end; at++) {
      int c = at < end ? file[at] : '\t';
      if (c >= '0' && c <= '9') {
        value = Math.max(value, 0) * 10 + c - '0';
        if (value > 0xFFFF_FFFFL) {
          return List.of();
        }
      } else if (c == '\t' || c == ' ') {
        if (value >= 0) {
          numbers.add((int) value);
        }
        value = -1;
      } else {
        return List.of();
      }
    }
    return List.copyOf(numbers);
  }
}
