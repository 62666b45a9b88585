package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A ring as the kernel would map it, and the writing end of it.
final class FakeRing {
  private static final int PAGE = 4096;

  /// What the records written by [#forked] and [#moved] name where a test does not say otherwise:
  /// net, uts, ipc, pid, user, mnt, cgroup.
  static final long[] INITIAL = {11, 12, 13, 14, 15, 16, 17};

  final MemorySegment mapped;
  final PerfRing ring;
  private final int dataBytes;
  private long head;

  FakeRing() {
    this(64 * 1024);
  }

  /// @param dataBytes a power of two
  FakeRing(int dataBytes) {
    this(dataBytes, 0);
  }

  /// @param start where the head and the tail are
  FakeRing(int dataBytes, long start) {
    this.dataBytes = dataBytes;
    this.head = start;
    mapped = Arena.ofAuto().allocate(PAGE + dataBytes, PAGE);
    mapped.set(JAVA_LONG, PerfRing.DATA_HEAD, head);
    mapped.set(JAVA_LONG, PerfRing.DATA_TAIL, head);
    mapped.set(JAVA_LONG, PerfRing.DATA_OFFSET, PAGE);
    mapped.set(JAVA_LONG, PerfRing.DATA_SIZE, dataBytes);
    ring = new PerfRing(mapped);
  }

  long head() {
    return head;
  }

  long tail() {
    return mapped.get(JAVA_LONG, PerfRing.DATA_TAIL);
  }

  /// Puts longs into the ring, whatever they mean.
  void put(long... words) {
    head &= -8; // A test may have put it where no record begins.
    for (long word : words) {
      mapped.set(JAVA_LONG, PAGE + (head & (dataBytes - 1)), word);
      head += 8;
    }
    publish(head);
  }

  /// Puts the head where a kernel would not.
  void publish(long wanted) {
    head = wanted;
    mapped.set(JAVA_LONG, PerfRing.DATA_HEAD, wanted);
  }

  void forked(long time, int pid, int tid, int parent, long... inodes) {
    forkedBy(time, pid, tid, parent, parent, inodes);
  }

  /// FORK and NAMESPACES, as a thread of the parent writes them.
  void forkedBy(long time, int pid, int tid, int parent, int parentTid, long... inodes) {
    put(
        record(
            PerfDecoder.FORK,
            0,
            time,
            parent,
            parentTid,
            two(pid, parent),
            two(tid, parentTid),
            time));
    put(namespaces(time, pid, tid, parent, parentTid, inodes));
  }

  void moved(long time, int pid, int tid, long... inodes) {
    put(namespaces(time, pid, tid, pid, tid, inodes));
  }

  void exited(long time, int pid, int tid) {
    put(record(PerfDecoder.EXIT, 0, time, pid, tid, two(pid, 1), two(tid, 1), time));
  }

  void executed(long time, int pid, String comm) {
    put(comm(PerfDecoder.COMM_EXEC, time, pid, pid, comm));
  }

  void renamed(long time, int pid, int tid, String comm) {
    put(comm(0, time, pid, tid, comm));
  }

  void lost(long time, long count) {
    put(record(PerfDecoder.LOST, 0, time, 0, 0, 99, count));
  }

  static long[] namespaces(long time, int pid, int tid, int byPid, int byTid, long... inodes) {
    long[] named = inodes.length == 0 ? INITIAL : inodes;
    long[] body = new long[2 + 2 * named.length];
    body[0] = two(pid, tid);
    body[1] = named.length;
    for (int i = 0; i < named.length; i++) {
      body[2 + 2 * i] = 4;
      body[3 + 2 * i] = named[i];
    }
    return record(PerfDecoder.NAMESPACES, 0, time, byPid, byTid, body);
  }

  private static long[] comm(int misc, long time, int pid, int tid, String comm) {
    byte[] bytes = Arrays.copyOf(comm.getBytes(UTF_8), 16);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    long first = buffer.getLong();
    long second = buffer.getLong();
    // The kernel writes no more longs than the name and its end need.
    return comm.getBytes(UTF_8).length < 8
        ? record(PerfDecoder.COMM, misc, time, pid, tid, two(pid, tid), first)
        : record(PerfDecoder.COMM, misc, time, pid, tid, two(pid, tid), first, second);
  }

  /// A header, the body, a sample.
  static long[] record(int type, int misc, long time, int byPid, int byTid, long... body) {
    long[] words = new long[body.length + 3];
    words[0] = type | ((long) misc << 32) | ((8L * words.length) << 48);
    System.arraycopy(body, 0, words, 1, body.length);
    words[words.length - 2] = two(byPid, byTid);
    words[words.length - 1] = time;
    return words;
  }

  static long two(int low, int high) {
    return Integer.toUnsignedLong(low) | ((long) high << 32);
  }

  /// The initial inodes but for one.
  static long[] but(int place, long inode) {
    long[] inodes = INITIAL.clone();
    inodes[place] = inode;
    return inodes;
  }
}
