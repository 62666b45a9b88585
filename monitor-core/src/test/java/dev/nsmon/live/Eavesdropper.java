package dev.nsmon.live;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A socket that is bound to the proc connector's group and has not asked for anything.
final class Eavesdropper implements AutoCloseable {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int WHAT = 36;

  private final Libc libc = new Libc();
  private final MemorySegment buffer = Arena.global().allocate(256, 8);
  private final int fd = libc.socket(16, 2 | 02000000, 11);
  private int answers;

  Eavesdropper() {
    MemorySegment address = Arena.global().allocate(12, 4);
    address.set(JAVA_SHORT, 0, (short) 16);
    address.set(JAVA_INT, 8, 1);
    assertEquals(0, libc.bind(fd, address, 12));
  }

  /// How many events have come since this was last asked.
  int hears() {
    for (int count = 0; ; count++) {
      long length = libc.recv(fd, buffer, 256, MSG_DONTWAIT);
      if (length < 0) {
        assertEquals(-Errno.EAGAIN, length);
        return count;
      }
      if (buffer.get(JAVA_INT, WHAT) == 0) {
        answers++;
      }
    }
  }

  /// How many answers to LISTEN and IGNORE it has heard in all.
  int answers() {
    return answers;
  }

  @Override
  public void close() {
    libc.close(fd);
  }
}
