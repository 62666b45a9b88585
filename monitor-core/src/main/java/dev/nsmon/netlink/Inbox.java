package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Datagrams as `recvmmsg(2)` brings them, many with one call, copied to the heap in two strokes:
/// reading native memory field by field is what would cost. One thread only.
///
/// Layout (`bits/socket.h`, `linux/netlink.h`), of each datagram:
///
/// ```
/// mmsghdr, 64: name* 0, namelen u32 8, iov* 16, iovlen u64 24, ..., flags u32 48, len u32 56
/// iovec, 16:   base* 0, len u64 8
/// slot, 256:   sockaddr_nl (family u16 0, pid u32 4, groups u32 8) 0, datagram 16
/// ```
final class Inbox {
  /// How many datagrams one call brings at most.
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

  /// Takes what is there, without waiting: how many datagrams, or a negated error number. The
  /// kernel leaves the fields as they were set, so they are set once.
  int receive(int fd) {
    int count = libc.recvmmsg(fd, headers, BATCH, MSG_DONTWAIT);
    if (count > 0) {
      MemorySegment.copy(headers, JAVA_INT, 0, headerWords, 0, count * HEADER / 4);
      MemorySegment.copy(slots, JAVA_INT, 0, words, 0, count * SLOT / 4);
    }
    return count;
  }

  /// What the datagrams are read from; valid until the next [#receive].
  int[] words() {
    return words;
  }

  /// Where in the words a datagram begins.
  int start(int index) {
    return (index * SLOT + DATAGRAM) / 4;
  }

  /// Its length in bytes; one that is longer than its slot has been cut off there.
  int bytes(int index) {
    return headerWords[(index * HEADER + LENGTH) / 4];
  }

  /// The port id of who sent it; 0 for the kernel.
  int sender(int index) {
    return words[(index * SLOT + SENDER) / 4];
  }
}
