package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Finds out whether the kernel would tell this process of every fork, exec and exit: by asking it
/// to and waiting for the acknowledgement. Version or capabilities do not tell, since the kernel
/// ignores whoever is in a child pid or user namespace without a word.
///
/// Message layout (`linux/netlink.h`, `linux/connector.h`, `linux/cn_proc.h`):
///
/// ```
/// nlmsghdr: u32 len, u16 type, u16 flags, u32 seq, u32 pid
/// cn_msg:   u32 idx = 1, u32 val = 1, u32 seq, u32 ack, u16 len, u16 flags
/// u32 operation                       | proc_event: u32 what, u32 cpu, u64 time, u32 err
/// ```
public final class ProcConnectorCheck {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
  private static final int NETLINK_CONNECTOR = 11;
  private static final int NLMSG_DONE = 3;
  private static final int LISTEN = 1;
  private static final int IGNORE = 2;
  private static final int HEADERS = 16 + 20;
  private static final int ACK = 0x6e73;
  private static final int WAIT_MILLIS = 1000;

  private ProcConnectorCheck() {}

  /// Empty if it works, else why not.
  public static String problem(Libc libc) {
    int fd = libc.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_CONNECTOR);
    if (fd < 0) {
      return "socket: " + Errno.name(-fd);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(12, 4);
      address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
      address.set(JAVA_INT, 8, 1);
      int bound = libc.bind(fd, address, 12);
      if (bound < 0) {
        return "bind: " + Errno.name(-bound);
      }
      long sent = send(libc, fd, arena, LISTEN);
      if (sent < 0) {
        return "send: " + Errno.name((int) -sent) + ", as from another network namespace";
      }
      String problem = awaitAck(libc, fd, arena);
      send(libc, fd, arena, IGNORE);
      return problem;
    } finally {
      libc.close(fd);
    }
  }

  private static long send(Libc libc, int fd, Arena arena, int operation) {
    MemorySegment message = arena.allocate(HEADERS + 4, 4);
    message.set(JAVA_INT, 0, HEADERS + 4);
    message.set(JAVA_SHORT, 4, (short) NLMSG_DONE);
    message.set(JAVA_INT, 16, 1);
    message.set(JAVA_INT, 20, 1);
    message.set(JAVA_INT, 28, ACK);
    message.set(JAVA_SHORT, 32, (short) 4);
    message.set(JAVA_INT, HEADERS, operation);
    return libc.send(fd, message, HEADERS + 4, 0);
  }

  private static String awaitAck(Libc libc, int fd, Arena arena) {
    MemorySegment poll = arena.allocate(8, 4);
    poll.set(JAVA_INT, 0, fd);
    poll.set(JAVA_SHORT, 4, (short) 1);
    MemorySegment buffer = arena.allocate(4096, 8);
    long end = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
    for (long left = WAIT_MILLIS; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      if (libc.poll(poll, 1, (int) left) <= 0) {
        continue;
      }
      long length = libc.recv(fd, buffer, 4096, 0);
      boolean ack =
          length >= HEADERS + 20
              && buffer.get(JAVA_INT, 28) == ACK + 1
              && buffer.get(JAVA_INT, HEADERS) == 0;
      if (ack) {
        int error = buffer.get(JAVA_INT, HEADERS + 16);
        return error == 0 ? "" : "refused: " + Errno.name(error);
      }
    }
    return "no answer within 1 s, as from a child pid or user namespace";
  }
}
