package dev.nsmon.netlink;

/// Decodes the events in a datagram of the proc connector, one after the other. It reads only the
/// given array, and no word before it has checked that the datagram is that long.
///
/// Layout (`linux/netlink.h`, `linux/connector.h`, `linux/cn_proc.h`), in bytes, little-endian like
/// all supported machines:
///
/// ```
/// nlmsghdr, 16:   u32 len, u16 type, u16 flags, u32 seq, u32 pid
/// cn_msg, 20:     u32 idx = 1, u32 val = 1, u32 seq, u32 ack, u16 len, u16 flags
/// proc_event, 40: u32 what, u32 cpu, u64 timestamp_ns, then
///   FORK  s32 parent_pid, s32 parent_tgid, s32 child_pid, s32 child_tgid
///   EXEC  s32 process_pid, s32 process_tgid
///   EXIT  s32 process_pid, s32 process_tgid, ...
///   NONE  u32 err                                 (an acknowledgement)
/// ```
///
/// In these structures, `pid` is a thread id and `tgid` a process id.
final class EventDecoder {
  static final int NONE = 0;
  static final int FORK = 1;
  static final int EXEC = 2;
  static final int EXIT = 0x8000_0000;

  /// The other known kinds, which are ignored: UID, GID, SID, PTRACE, COMM and COREDUMP.
  static final int OTHERS = 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x4000_0000;

  static final int NETLINK_HEADER = 16;
  static final int HEADERS = NETLINK_HEADER + 20;
  private static final int EVENT_HEADER = 16;

  /// The kernel's `PID_MAX_LIMIT`: no pid is larger, whatever `kernel.pid_max` is.
  static final int MAX_PID = 4 * 1024 * 1024;

  private int[] words;
  private int at;
  private int bytesLeft;
  private boolean malformed;

  private int what;
  private int cpu;
  private int sequence;
  private int acknowledges;
  private long nanos;
  private int parent;
  private int tid;
  private int pid;
  private int error;

  /// Starts decoding a datagram.
  ///
  /// @param start the index of its first word
  /// @param bytes its length
  void begin(int[] words, int start, int bytes) {
    this.words = words;
    this.at = start;
    this.bytesLeft = bytes;
    this.malformed = false;
  }

  /// Advances to the next event. False at the end of the datagram or if the rest is malformed.
  boolean next() {
    if (bytesLeft <= 0 || malformed) {
      return false;
    }
    int length = bytesLeft < HEADERS + EVENT_HEADER ? 0 : words[at];
    if (length < HEADERS + EVENT_HEADER || length > bytesLeft) {
      malformed = true;
      return false;
    }
    int payload = words[at + 8] & 0xffff;
    malformed =
        words[at + 4] != 1
            || words[at + 5] != 1
            || payload > length - HEADERS
            || !readEvent(at + HEADERS / 4, payload);
    sequence = words[at + 6];
    acknowledges = words[at + 7];
    int aligned = (length + 3) & ~3;
    at += aligned / 4;
    bytesLeft -= aligned;
    return !malformed;
  }

  private boolean readEvent(int event, int payload) {
    if (payload < EVENT_HEADER) {
      return false;
    }
    what = words[event];
    cpu = words[event + 1];
    nanos = Integer.toUnsignedLong(words[event + 2]) | ((long) words[event + 3] << 32);
    int rest = payload - EVENT_HEADER;
    int data = event + EVENT_HEADER / 4;
    return switch (what) {
      case FORK -> rest >= 16 && readTask(data + 2) && readParent(data + 1);
      case EXEC, EXIT -> rest >= 8 && readTask(data);
      case NONE -> rest >= 4 && readError(data);
      default -> true;
    };
  }

  private boolean readTask(int data) {
    tid = words[data];
    pid = words[data + 1];
    return isPid(tid) && isPid(pid);
  }

  /// The parent is 0 if the idle task forked the child.
  private boolean readParent(int data) {
    parent = words[data];
    return parent == 0 || isPid(parent);
  }

  private boolean readError(int data) {
    error = words[data];
    return true;
  }

  static boolean isPid(int pid) {
    return pid > 0 && pid <= MAX_PID;
  }

  /// True if the last [#next] found a malformed event.
  boolean isMalformed() {
    return malformed;
  }

  /// The kind of event: [#FORK], [#EXEC], [#EXIT], [#NONE] or one that is ignored.
  int what() {
    return what;
  }

  /// True if the kind is unknown, such as one of a newer kernel.
  boolean isUnknown() {
    return what != NONE && (what & (FORK | EXEC | EXIT | OTHERS)) == 0;
  }

  /// The CPU of the event; each CPU numbers its events.
  int cpu() {
    return cpu;
  }

  /// The event's sequence number on its CPU, modulo 2^32.
  int sequence() {
    return sequence;
  }

  /// For an answer, the `ack` of the request plus one; else 0.
  int acknowledges() {
    return acknowledges;
  }

  /// Of [#NONE]: a positive error number if the kernel refuses, else 0.
  int error() {
    return error;
  }

  /// Time of the event by CLOCK_MONOTONIC, in nanoseconds.
  long nanos() {
    return nanos;
  }

  /// Of [#FORK]: the parent process; for a thread, the parent of its process. 0 for the idle task.
  int parent() {
    return parent;
  }

  /// Of [#FORK], [#EXEC] and [#EXIT]: the thread.
  int tid() {
    return tid;
  }

  /// Of [#FORK], [#EXEC] and [#EXIT]: the process.
  int pid() {
    return pid;
  }
}
