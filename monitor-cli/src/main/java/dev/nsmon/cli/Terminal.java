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

/// What stdout and stderr are connected to, and how they want their text. Main thread only, unless
/// said.
final class Terminal {
  static final int STDOUT = 1;

  private static final long TIOCGWINSZ = 0x5413;
  private static final int POLLERR = 8;

  private static final Libc LIBC = new Libc();

  private Terminal() {}

  /// stdout as it is: unlike `System.out` it passes on that nobody reads.
  static FileOutputStream stdout() {
    return new FileOutputStream(FileDescriptor.out);
  }

  /// Whether to colour: on a terminal that can, unless `NO_COLOR` is set (no-color.org).
  static boolean wantsColour(int fd) {
    return isEmpty("NO_COLOR") && !"dumb".equals(System.getenv("TERM")) && LIBC.isTerminal(fd);
  }

  /// How to write to stdout.
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

  /// Whether the locale's character set is UTF-8 (`locale(7)`): the first that is set of these
  /// variables counts.
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

  /// Columns of the terminal on stdout; 0 if it is none.
  static int width() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8, 2);
      return LIBC.ioctl(STDOUT, TIOCGWINSZ, size) < 0 ? 0 : size.get(JAVA_SHORT, 2);
    }
  }

  /// Waits until the reader of a pipe on stdout has gone, so that writing would be for nobody.
  /// False if stdout is something else that tells no more. Any thread; it may wait for ever.
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
