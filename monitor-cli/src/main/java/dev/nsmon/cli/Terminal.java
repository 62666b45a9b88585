package dev.nsmon.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.format.Style;
import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// Properties of the terminal or pipe on stdout and stderr. Main thread only, unless a method says
/// otherwise.
final class Terminal {
  static final int STDOUT = 1;

  private static final long TIOCGWINSZ = 0x5413;
  private static final int POLLERR = 8;

  private static final Libc LIBC = new Libc();

  private Terminal() {}

  /// The raw stdout: unlike `System.out` it throws on a write error, such as EPIPE.
  static FileOutputStream stdout() {
    return new FileOutputStream(FileDescriptor.out);
  }

  /// Whether to colour text on this descriptor: on a terminal that is not `dumb`, unless `NO_COLOR`
  /// is set (no-color.org).
  static boolean wantsColour(int fd) {
    return isEmpty("NO_COLOR") && !"dumb".equals(System.getenv("TERM")) && LIBC.isTerminal(fd);
  }

  /// The style of text on stdout.
  ///
  /// @param colour `always`, `never`, or `auto` for [#wantsColour]
  static Style style(ColourChoice colour) {
    boolean colours =
        switch (colour) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> wantsColour(STDOUT);
        };
    return new Style(colours, isUnicode());
  }

  /// Whether the locale's character set is UTF-8 (`locale(7)`). The first of these variables that
  /// is not empty decides.
  private static boolean isUnicode() {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      if (!isEmpty(name)) {
        String locale = System.getenv(name).toUpperCase(Locale.ROOT);
        return locale.contains("UTF-8") || locale.contains("UTF8");
      }
    }
    return false;
  }

  private static boolean isEmpty(String variable) {
    String value = System.getenv(variable);
    return value == null || value.isEmpty();
  }

  /// Columns of the terminal on stdout; 0 if stdout is not a terminal.
  static int width() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8, 2);
      return LIBC.ioctl(STDOUT, TIOCGWINSZ, size) < 0 ? 0 : size.get(JAVA_SHORT, 2);
    }
  }

  /// Waits until the reader of a pipe on stdout has closed it (`POLLERR`). Any thread; may block
  /// forever.
  ///
  /// @return false if poll(2) ends for another reason, as with a terminal that hangs up
  static boolean awaitLostReader() {
    Libc libc = new Libc();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 4);
      poll.set(JAVA_INT, 0, STDOUT);
      while (true) {
        int ready = libc.poll(poll, 1, -1);
        if (ready != -Errno.EINTR) {
          return ready == 1 && (poll.get(JAVA_SHORT, 6) & POLLERR) != 0;
        }
      }
    }
  }
}
