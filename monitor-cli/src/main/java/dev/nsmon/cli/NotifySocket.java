package dev.nsmon.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A client of the service manager's notification socket, a UNIX datagram socket (`sd_notify(3)`).
/// Not safe for use by several threads at once.
///
/// It uses system calls, since the JDK has no UNIX datagram sockets.
final class NotifySocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /// Size of `sun_path` in `linux/un.h`, including a path's final zero.
  private static final int PATH_BYTES = 108;

  private final Libc libc;
  private final int fd;

  private NotifySocket(Libc libc, int fd) {
    this.libc = libc;
    this.fd = fd;
  }

  /// Connects to the socket.
  ///
  /// @param address an absolute path, or `@` and an abstract name (`unix(7)`)
  /// @throws IOException with a message of one line, if it is neither or no process receives there
  static NotifySocket connect(String address) throws IOException {
    byte[] path = address.getBytes(UTF_8);
    boolean isAbstract = address.startsWith("@");
    if ((!isAbstract && !address.startsWith("/")) || path.length >= PATH_BYTES) {
      throw new IOException("is no absolute path of at most " + (PATH_BYTES - 1) + " bytes");
    }
    Libc libc = new Libc();
    int fd = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (fd < 0) {
      throw new ErrnoException("socket", -fd);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(2 + PATH_BYTES, 2);
      name.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, name, JAVA_BYTE, 2, path.length);
      if (isAbstract) {
        name.set(JAVA_BYTE, 2, (byte) 0);
      }
      // An abstract name ends at the given length, so it gets no final zero.
      int connected = libc.connect(fd, name, 2 + path.length + (isAbstract ? 0 : 1));
      if (connected < 0) {
        libc.close(fd);
        throw new IOException("can't be reached: " + Errno.name(-connected));
      }
    }
    return new NotifySocket(libc, fd);
  }

  /// Sends variables, one per line. Errors are ignored: a service manager that receives nothing
  /// acts by its watchdog.
  void send(String... variables) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] text = String.join("\n", variables).getBytes(UTF_8);
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, text);
      libc.send(fd, bytes, text.length, MSG_NOSIGNAL);
    }
  }

  @Override
  public void close() {
    libc.close(fd);
  }
}
