package dev.nsmon.netlink;

/// Reads the events in a datagram of the proc connector, one after the other. Touches nothing but
/// the array, and reads no word of it before it knows that the datagram has it.
///
/// Layout (`linux/netlink.h`, `linux/connector.h`, `linux/cn_proc.h`), little-endian as all that
/// this runs on, in bytes:
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
/// The kernel says pid for a thread and tgid for a process.
final class EventDecoder {
  static final int NONE = 0;
  static final int FORK = 1;
  static final int EXEC = 2;
  static final int EXIT = 0x8000_0000;

  /// UID, GID, SID, PTRACE, COMM and COREDUMP: known, and no concern of ours.
  static final int OTHERS = 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x4000_0000;

  static final int NETLINK_HEADER = 16;
  static final int HEADERS = NETLINK_HEADER + 20;
  private static final int EVENT_HEADER = 16;

  /// The kernel's `PID_MAX_LIMIT`: no pid is larger, wherever `kernel.pid_max` is set.
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

  /// Begins a datagram.
  ///
  /// @param start the index of its first word
  /// @param bytes its length
  void begin(int[] words, int start, int bytes) {
    this.words = words;
    this.at = start;
    this.bytesLeft = bytes;
    this.malformed = false;
  }

  /// Goes on to the next event; false if there is none, or what there is can't be read.
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

  /// The parent is 0 for what the idle task has forked.
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

  /// Whether the last [#next] found what is no event.
  boolean isMalformed() {
    return malformed;
  }

  /// Which event: [#FORK], [#EXEC], [#EXIT], [#NONE] or one that is no concern of ours.
  int what() {
    return what;
  }

  /// Whether a kernel that is newer than this program has sent it.
  boolean isUnknown() {
    return what != NONE && (what & (FORK | EXEC | EXIT | OTHERS)) == 0;
  }

  /// The CPU that it happened on, which numbers its events.
  int cpu() {
    return cpu;
  }

  /// Its number among all events of its CPU, modulo 2^32.
  int sequence() {
    return sequence;
  }

  /// One more than the `ack` of the message that it answers; 0 if it answers none.
  int acknowledges() {
    return acknowledges;
  }

  /// Of [#NONE]: why the kernel refuses, as a positive error number; 0 if it doesn't.
  int error() {
    return error;
  }

  /// When it happened (CLOCK_MONOTONIC).
  long nanos() {
    return nanos;
  }

  /// Of [#FORK]: the process whose child it is; of a thread, the one whose child its process is.
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
