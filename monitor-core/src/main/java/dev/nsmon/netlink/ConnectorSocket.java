package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/// A netlink socket that is subscribed to the kernel's process events: every fork, exec and exit on
/// the host (`netlink(7)`, `linux/cn_proc.h`). One thread at a time.
///
/// It subscribes to all kinds of event. The event filter of Linux 6.6 would leave out irrelevant
/// kinds, but it also leaves holes in the sequence numbers and filters the acknowledgement. Neither
/// a loss nor a refusal could be detected then.
///
/// The message to the kernel is headers as in [EventDecoder], followed by a u32 operation.
final class ConnectorSocket implements AutoCloseable {
  static final int AF_NETLINK = 16;
  static final int NETLINK_CONNECTOR = 11;
  static final int LISTEN = 1;
  static final int IGNORE = 2;

  static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
  static final int NLMSG_DONE = 3;
  static final int SOL_SOCKET = 1;
  static final int SO_RCVBUF = 8;
  static final int SO_RCVBUFFORCE = 33;
  static final int SO_MEMINFO = 55;
  static final int MEMINFO_DROPS = 8;
  private static final int MESSAGE = EventDecoder.HEADERS + 4;
  private static final int WAIT_MILLIS = 1000;

  private static final MemorySegment ADDRESS = Arena.global().allocate(Inbox.ADDRESS, 4);

  static {
    ADDRESS.set(JAVA_SHORT, 0, (short) AF_NETLINK);
    ADDRESS.set(JAVA_INT, 8, 1);
  }

  private final Libc libc;
  private final int fd;
  private final MemorySegment scratch = Arena.global().allocate(64, 8);

  /// The `ack` value of this socket's requests; the kernel answers with this value plus one. It
  /// identifies our answer, because the kernel sends each answer to all listeners. Those in child
  /// user namespaces get the answers too, and nothing else.
  private final int mark = ThreadLocalRandom.current().nextInt();

  /// The number of LISTEN requests without an IGNORE. Set to 0 by [#close] and [#giveUp].
  private int asked;

  /// The socket's count of drops when [#newDrops] last read it.
  private int drops;

  private ConnectorSocket(Libc libc, int fd) {
    this.libc = libc;
    this.fd = fd;
  }

  /// Opens a socket, subscribes and waits at most one second for the kernel's acknowledgement.
  ///
  /// @param bufferBytes the receive buffer to request; the kernel may grant less
  /// @throws IOException if the kernel refuses, with a message that says why
  static ConnectorSocket open(Libc libc, Inbox inbox, int bufferBytes, LongSupplier nanoTime)
      throws IOException {
    int fd = libc.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_CONNECTOR);
    if (fd < 0) {
      throw new ErrnoException("socket", -fd);
    }
    ConnectorSocket socket = new ConnectorSocket(libc, fd);
    try {
      socket.subscribe(inbox, bufferBytes, nanoTime);
      return socket;
    } catch (IOException e) {
      libc.close(fd); // No IGNORE: without an answer, the kernel has not counted this LISTEN.
      throw e;
    }
  }

  /// Binds, sets the receive buffer and subscribes. The kernel chooses the port id, since another
  /// socket may already use our pid.
  private void subscribe(Inbox inbox, int bufferBytes, LongSupplier nanoTime) throws IOException {
    int bound = libc.bind(fd, ADDRESS, Inbox.ADDRESS);
    if (bound < 0) {
      String remedy = Errno.isDenied(bound) ? ": before Linux 6.6 it takes CAP_NET_ADMIN" : "";
      throw new IOException("bind: " + Errno.name(-bound) + remedy);
    }
    MemorySegment bytes = scratch.asSlice(0, 4);
    bytes.set(JAVA_INT, 0, bufferBytes);
    if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes) < 0) {
      libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, bytes);
    }
    ask();
    awaitAnswer(inbox, nanoTime);
  }

  /// Sends LISTEN. The kernel answers with an [EventDecoder#NONE] event.
  void ask() throws IOException {
    long sent = send(LISTEN);
    if (sent < 0) {
      String reason = sent == -Errno.ECONNREFUSED ? ", as from another network namespace" : "";
      throw new IOException("send: " + Errno.name((int) -sent) + reason);
    }
    asked++;
  }

  private long send(int operation) {
    MemorySegment message = scratch.asSlice(0, MESSAGE).fill((byte) 0);
    message.set(JAVA_INT, 0, MESSAGE);
    message.set(JAVA_SHORT, 4, (short) NLMSG_DONE);
    message.set(JAVA_INT, 16, 1);
    message.set(JAVA_INT, 20, 1);
    message.set(JAVA_INT, 28, mark);
    message.set(JAVA_SHORT, 32, (short) 4);
    message.set(JAVA_INT, EventDecoder.HEADERS, operation);
    return libc.send(fd, message, MESSAGE, 0);
  }

  private void awaitAnswer(Inbox inbox, LongSupplier nanoTime) throws IOException {
    EventDecoder event = new EventDecoder();
    long end = nanoTime.getAsLong() + WAIT_MILLIS * 1_000_000L;
    for (long left = WAIT_MILLIS; left > 0; left = (end - nanoTime.getAsLong()) / 1_000_000) {
      poll((int) left);
      int count = inbox.receive(fd);
      for (int i = 0; i < count; i++) {
        if (inbox.sender(i) == 0 && isAnswer(event, inbox, i)) {
          if (event.error() != 0) {
            throw new IOException("refused: " + Errno.name(event.error()));
          }
          return;
        }
      }
    }
    throw new IOException("no answer within 1 s, as from a child pid or user namespace");
  }

  /// True if the datagram holds the answer to this socket's request. Only `ack` identifies it: the
  /// kernel overwrites `seq` with the number of its CPU's event.
  private boolean isAnswer(EventDecoder event, Inbox inbox, int index) {
    event.begin(inbox.words(), inbox.start(index), inbox.bytes(index));
    while (event.next()) {
      if (event.what() == EventDecoder.NONE && event.acknowledges() == mark + 1) {
        return true;
      }
    }
    return false;
  }

  /// Waits for data, an error or the timeout.
  void poll(int timeoutMillis) throws IOException {
    scratch.set(JAVA_INT, 0, fd);
    scratch.set(JAVA_INT, 4, 1); // events = POLLIN, revents = 0
    int ready = libc.poll(scratch, 1, timeoutMillis);
    if (ready < 0 && ready != -Errno.EINTR) {
      throw new ErrnoException("poll", -ready);
    }
  }

  /// The number of events that the kernel has dropped since the last call because the buffer was
  /// full; -1 if unknown. It is the growth of the Drops column in `/proc/net/netlink`
  /// (`sock_diag(7)`, `SK_MEMINFO_DROPS`; Linux 4.12).
  long newDrops() {
    MemorySegment length = scratch.asSlice(0, 4);
    length.set(JAVA_INT, 0, (MEMINFO_DROPS + 1) * 4);
    MemorySegment info = scratch.asSlice(8);
    if (libc.getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, length) < 0
        || length.get(JAVA_INT, 0) <= MEMINFO_DROPS * 4) {
      return -1;
    }
    int now = info.get(JAVA_INT, MEMINFO_DROPS * 4);
    long grown = Integer.toUnsignedLong(now - drops);
    drops = now;
    return grown;
  }

  /// The descriptor, for [Inbox#receive].
  int fd() {
    return fd;
  }

  /// Unsubscribes and closes the socket. Closing alone does not unsubscribe: the kernel would
  /// continue to make events without a listener. Before Linux 6.6 the kernel counts every LISTEN,
  /// so each needs its IGNORE.
  @Override
  public void close() {
    for (; asked > 0; asked--) {
      send(IGNORE);
    }
    libc.close(fd);
  }

  /// Makes [#close] send no IGNORE. Used when the kernel no longer delivers: its count of listeners
  /// is already too low, and an IGNORE would lower it further.
  void giveUp() {
    asked = 0;
  }
}
