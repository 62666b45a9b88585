package dev.nsmon.proc;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One line of `/proc/PID/stat` (`proc_pid_stat(5)`).
///
/// @param comm field 2, decoded with replacement
/// @param state field 3
/// @param ppid field 4
/// @param flags field 9, `PF_*`
/// @param threads field 20
/// @param startTicks field 22, in ticks of 10 ms since boot
public record Stat(String comm, char state, int ppid, long flags, int threads, long startTicks) {
  private static final long PF_EXITING = 0x4;
  private static final long PF_KTHREAD = 0x0020_0000;

  /// Whether it has exited.
  public boolean isZombie() {
    return state == 'Z' || state == 'X';
  }

  /// Whether its main thread has exited, or is about to and can do nothing else.
  public boolean isExiting() {
    return isZombie() || (flags & PF_EXITING) != 0;
  }

  /// The same, and there is no other thread.
  public boolean hasEnded() {
    return isExiting() && threads <= 1;
  }

  public boolean isKernelThread() {
    return (flags & PF_KTHREAD) != 0;
  }

  /// Parses the line; empty if it is not one. The comm ends at the *last* `)`, since a process may
  /// call itself `a) R 1 (b`.
  static Optional<Stat> parse(byte[] line, int length) {
    int open = 0;
    while (open < length && line[open] != '(') {
      open++;
    }
    int close = length - 1;
    while (close > open && line[close] != ')') {
      close--;
    }
    if (close <= open) {
      return Optional.empty();
    }
    Fields fields = new Fields(line, close + 1, length);
    String comm = new String(line, open + 1, close - open - 1, StandardCharsets.UTF_8);
    char state = fields.letter();
    int ppid = (int) fields.number();
    fields.skip(4);
    long flags = fields.number();
    fields.skip(10);
    int threads = (int) fields.number();
    fields.skip(1);
    long startTicks = fields.number();
    return fields.valid
        ? Optional.of(new Stat(comm, state, ppid, flags, threads, startTicks))
        : Optional.empty();
  }

  /// Walks over fields that one space each sets apart.
  private static final class Fields {
    private final byte[] line;
    private final int end;
    private int at;
    private boolean valid = true;

    Fields(byte[] line, int start, int end) {
      this.line = line;
      this.at = start;
      this.end = end;
    }

    private boolean next() {
      valid &= at < end && line[at] == ' ';
      at++;
      valid &= at < end;
      return valid;
    }

    char letter() {
      return next() ? (char) (line[at++] & 0x7f) : '?';
    }

    void skip(int fields) {
      for (int i = 0; i < fields; i++) {
        if (next()) {
          while (at < end && line[at] != ' ') {
            at++;
          }
        }
      }
    }

    long number() {
      if (!next()) {
        return -1;
      }
      boolean negative = line[at] == '-';
      at += negative ? 1 : 0;
      int first = at;
      long value = 0;
      while (at < end && line[at] >= '0' && line[at] <= '9') {
        value = value * 10 + line[at++] - '0';
      }
      // No field that is read is the last: one that ends with the line was cut off.
      valid &= at > first && at - first < 19 && at < end && line[at] == ' ';
      return negative ? -value : value;
    }
  }
}
