package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Receives datagrams, many with one `recvmmsg(2)`, and copies them to heap arrays in two bulk
/// copies. Reading native memory field by field would be slow. One thread only.
///
/// Layout (`bits/socket.h`, `linux/netlink.h`), of each datagram:
///
/// ```
/// mmsghdr, 64: name* 0, namelen u32 8, iov* 16, iovlen u64 24, ..., flags u32 48, len u32 56
/// iovec, 16:   base* 0, len u64 8
/// slot, 256:   sockaddr_nl (family u16 0, pid u32 4, groups u32 8) 0, datagram 16
/// ```
final class Inbox {
  /// The most datagrams that one call receives.
  static final int BATCH = 64;

  static final int HEADER = 64;
  static final int NAME = 0;
  static final int NAME_LENGTH = 8;
  static final int IOV = 16;
  static final int IOV_LENGTH = 24;
  static final int LENGTH = 56;
  static final int VECTOR = 16;
  static final int ADDRESS = 12;
  static final int SENDER = 4;

  static final int MSG_DONTWAIT = 0x40;

  private static final int SLOT = 256;
  private static final int DATAGRAM = 16;

  private final Libc libc;
  private final MemorySegment headers = Arena.global().allocate((long) BATCH * HEADER, 8);
  private final MemorySegment vectors = Arena.global().allocate((long) BATCH * VECTOR, 8);
  private final MemorySegment slots = Arena.global().allocate((long) BATCH * SLOT, 8);
  private final int[] headerWords = new int[BATCH * HEADER / 4];
  private final int[] words = new int[BATCH * SLOT / 4];

  Inbox(Libc libc) {
    this.libc = libc;
    for (long i = 0; i < BATCH; i++) {
      long slot = slots.address() + i * SLOT;
      vectors.set(JAVA_LONG, i * VECTOR, slot + DATAGRAM);
      vectors.set(JAVA_LONG, i * VECTOR + 8, SLOT - DATAGRAM);
      headers.set(JAVA_LONG, i * HEADER + NAME, slot);
      headers.set(JAVA_INT, i * HEADER + NAME_LENGTH, ADDRESS);
      headers.set(JAVA_LONG, i * HEADER + IOV, vectors.address() + i * VECTOR);
      headers.set(JAVA_LONG, i * HEADER + IOV_LENGTH, 1);
    }
  }

  /// Receives without blocking. Returns the number of datagrams or a negated error number. The
  /// structures are filled once, in the constructor. The kernel changes no pointer in them, and the
  /// address length that it writes is the one that was set.
  int receive(int fd) {
    int count = libc.recvmmsg(fd, headers, BATCH, MSG_DONTWAIT);
    if (count > 0) {
      MemorySegment.copy(headers, JAVA_INT, 0, headerWords, 0, count * HEADER / 4);
      MemorySegment.copy(slots, JAVA_INT, 0, words, 0, count * SLOT / 4);
    }
    return count;
  }

  /// The received datagrams; valid until the next [#receive].
  int[] words() {
    return words;
  }

  /// The index in [#words] where a datagram begins.
  int start(int index) {
    return (index * SLOT + DATAGRAM) / 4;
  }

  /// The datagram's length in bytes. The kernel truncates one that is longer than its slot.
  int bytes(int index) {
    return headerWords[(index * HEADER + LENGTH) / 4];
  }

  /// The sender's port id; 0 for the kernel.
  int sender(int index) {
    return words[(index * SLOT + SENDER) / 4];
  }
}
