package dev.nsmon.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The functions of the C library that nsmon calls: one thin method per function, named like its
/// man page. A failed call returns the negated error number, which [Errno] names.
///
/// All functions share one call signature, `long f(long, long, long, long, long, long)`, because
/// linking a signature costs more than 10 ms at start. This works since integers and pointers are
/// passed in the same six registers on x86-64 (System V ABI 3.2.3) and AArch64 (AAPCS64 6.8.2). A
/// function ignores registers that it has no parameter for. A function that returns `int` leaves
/// the upper half of the register undefined, so its result is cast.
///
/// Segments are passed by address, which does not keep them reachable during the call. Callers
/// allocate them in the global arena or hold them in a field.
///
/// An instance is used by one thread, because it owns the memory that receives errno.
@SuppressWarnings("restricted")
public final class Libc implements KernelCalls {
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

  public static final int AT_FDCWD = -100;
  public static final int AT_EMPTY_PATH = 0x1000;
  public static final int AT_STATX_DONT_SYNC = 0x4000;
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_CREAT = 0100;
  public static final int O_NOCTTY = 0400;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;

  /// Architecture-dependent (`asm/fcntl.h`).
  public static final int O_DIRECTORY = ARM ? 040000 : 0200000;

  public static final int O_CLOEXEC = 02000000;
  public static final int O_PATH = 010000000;
  public static final int CLOCK_THREAD_CPUTIME_ID = 3;
  public static final int CLOCK_BOOTTIME = 7;
  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;
  public static final int EFD_CLOEXEC = O_CLOEXEC;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      CAPTURED.varHandle(StructLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SHAPE =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          ERRNO);

  private static final MemorySegment OPENAT = function("openat");
  private static final MemorySegment CLOSE = function("close");
  private static final MemorySegment READ = function("read");
  private static final MemorySegment WRITE = function("write");
  private static final MemorySegment PREAD = function("pread64");
  private static final MemorySegment FCNTL = function("fcntl");
  private static final MemorySegment FLOCK = function("flock");
  private static final MemorySegment FDATASYNC = function("fdatasync");
  private static final MemorySegment FTRUNCATE = function("ftruncate64");
  private static final MemorySegment STRERROR = function("strerror");
  private static final MemorySegment EVENTFD = function("eventfd");
  private static final MemorySegment LSEEK = function("lseek");
  private static final MemorySegment GETDENTS64 = function("getdents64");
  private static final MemorySegment READLINKAT = function("readlinkat");
  private static final MemorySegment CLOCK_GETTIME = function("clock_gettime");
  private static final MemorySegment NAME_TO_HANDLE_AT = function("name_to_handle_at");
  private static final MemorySegment OPEN_BY_HANDLE_AT = function("open_by_handle_at");
  private static final MemorySegment STATX = function("statx");
  private static final MemorySegment IOCTL = function("ioctl");
  private static final MemorySegment SYSCALL = function("syscall");
  private static final MemorySegment POLL = function("poll");
  private static final MemorySegment ISATTY = function("isatty");
  private static final MemorySegment SOCKET = function("socket");
  private static final MemorySegment BIND = function("bind");
  private static final MemorySegment CONNECT = function("connect");
  private static final MemorySegment SEND = function("send");
  private static final MemorySegment RECV = function("recv");
  private static final MemorySegment RECVMMSG = function("recvmmsg");
  private static final MemorySegment SETSOCKOPT = function("setsockopt");
  private static final MemorySegment GETSOCKOPT = function("getsockopt");
  private static final MemorySegment GETSOCKNAME = function("getsockname");
  private static final MemorySegment MMAP = function("mmap");
  private static final MemorySegment MUNMAP = function("munmap");
  private static final MemorySegment UNSHARE = function("unshare");
  private static final MemorySegment SETNS = function("setns");
  private static final MemorySegment SCHED_GETAFFINITY = function("sched_getaffinity");
  private static final MemorySegment SCHED_SETAFFINITY = function("sched_setaffinity");
  private static final MemorySegment SCHED_SETSCHEDULER = function("sched_setscheduler");
  private static final MemorySegment GETPAGESIZE = function("getpagesize");
  private static final MemorySegment GETPID = function("getpid");

  private final MemorySegment captured;

  /// An instance whose memory is never freed, for a thread that lives as long as the process.
  public Libc() {
    this(Arena.global());
  }

  /// An instance that is valid until this arena is closed.
  public Libc(Arena arena) {
    this.captured = arena.allocate(CAPTURED);
  }

  private static MemorySegment function(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name));
  }

  @Override
  public int openat(int dirfd, MemorySegment path, int flags) {
    return callInt(OPENAT, dirfd, path.address(), flags, 0, 0);
  }

  /// The same with the mode of a file that it creates.
  public int openat(int dirfd, MemorySegment path, int flags, int mode) {
    return callInt(OPENAT, dirfd, path.address(), flags, mode, 0);
  }

  @Override
  public int openat2(int dirfd, MemorySegment path, MemorySegment how) {
    return callInt(SYSCALL, 437, dirfd, path.address(), how.address(), how.byteSize());
  }

  @Override
  public int close(int fd) {
    return callInt(CLOSE, fd, 0, 0, 0, 0);
  }

  @Override
  public long read(int fd, MemorySegment buf, long count) {
    return callLong(READ, fd, buf.address(), count, 0, 0);
  }

  /// `ssize_t write(int fd, const void *buf, size_t count)`: bytes written.
  public long write(int fd, MemorySegment buf, long count) {
    return callLong(WRITE, fd, buf.address(), count, 0, 0);
  }

  /// `ssize_t pread(int fd, void *buf, size_t count, off_t offset)`: bytes read.
  public long pread(int fd, MemorySegment buf, long count, long offset) {
    return callLong(PREAD, fd, buf.address(), count, offset, 0);
  }

  /// `int fcntl(int fd, F_DUPFD_CLOEXEC, 0)`: a second descriptor of the same open file
  /// description.
  public int duplicate(int fd) {
    return callInt(FCNTL, fd, 1030, 0, 0, 0);
  }

  /// `int flock(int fd, LOCK_EX | LOCK_NB)`.
  public int flockExclusive(int fd) {
    return callInt(FLOCK, fd, 2 | 4, 0, 0, 0);
  }

  /// `int fdatasync(int fd)`.
  public int fdatasync(int fd) {
    return callInt(FDATASYNC, fd, 0, 0, 0, 0);
  }

  /// `int ftruncate(int fd, off_t length)`.
  public int ftruncate(int fd, long length) {
    return callInt(FTRUNCATE, fd, length, 0, 0, 0);
  }

  /// `char *strerror(int errnum)`: the C library's message for an error number.
  public String strerror(int errno) {
    return MemorySegment.ofAddress(call(STRERROR, errno, 0, 0, 0, 0)).reinterpret(256).getString(0);
  }

  /// `int eventfd(unsigned int initval, int flags)` with an initial count of 0: a descriptor.
  public int eventfd(int flags) {
    return callInt(EVENTFD, 0, flags, 0, 0, 0);
  }

  @Override
  public long rewind(int fd) {
    return callLong(LSEEK, fd, 0, 0, 0, 0);
  }

  @Override
  public long getdents64(int fd, MemorySegment dirp, long count) {
    return callLong(GETDENTS64, fd, dirp.address(), count, 0, 0);
  }

  @Override
  public long readlinkat(int dirfd, MemorySegment path, MemorySegment buf, long size) {
    return callLong(READLINKAT, dirfd, path.address(), buf.address(), size, 0);
  }

  @Override
  public long clockNanos(int clock, MemorySegment timespec) {
    int result = callInt(CLOCK_GETTIME, clock, timespec.address(), 0, 0, 0);
    return result < 0
        ? result
        : timespec.get(JAVA_LONG, 0) * 1_000_000_000L + timespec.get(JAVA_LONG, 8);
  }

  @Override
  public int nameToHandleAt(
      int dirfd, MemorySegment path, MemorySegment handle, MemorySegment mountId, int flags) {
    return callInt(
        NAME_TO_HANDLE_AT, dirfd, path.address(), handle.address(), mountId.address(), flags);
  }

  @Override
  public int openByHandleAt(int mountFd, MemorySegment handle, int flags) {
    return callInt(OPEN_BY_HANDLE_AT, mountFd, handle.address(), flags, 0, 0);
  }

  @Override
  public int statx(int dirfd, MemorySegment path, int flags, int mask, MemorySegment buf) {
    return callInt(STATX, dirfd, path.address(), flags, mask, buf.address());
  }

  @Override
  public int ioctl(int fd, long op, MemorySegment arg) {
    return callInt(IOCTL, fd, op, arg.address(), 0, 0);
  }

  @Override
  public int poll(MemorySegment fds, int count, int timeoutMillis) {
    return callInt(POLL, fds.address(), count, timeoutMillis, 0, 0);
  }

  /// `int isatty(int fd)`.
  public boolean isTerminal(int fd) {
    return callInt(ISATTY, fd, 0, 0, 0, 0) == 1;
  }

  /// `int socket(int domain, int type, int protocol)`: a descriptor.
  public int socket(int domain, int type, int protocol) {
    return callInt(SOCKET, domain, type, protocol, 0, 0);
  }

  /// `int bind(int fd, const struct sockaddr *address, socklen_t length)`.
  public int bind(int fd, MemorySegment address, int length) {
    return callInt(BIND, fd, address.address(), length, 0, 0);
  }

  /// `int connect(int fd, const struct sockaddr *address, socklen_t length)`.
  public int connect(int fd, MemorySegment address, int length) {
    return callInt(CONNECT, fd, address.address(), length, 0, 0);
  }

  /// `ssize_t send(int fd, const void *buf, size_t size, int flags)`: bytes sent.
  public long send(int fd, MemorySegment buf, long size, int flags) {
    return callLong(SEND, fd, buf.address(), size, flags, 0);
  }

  /// `ssize_t recv(int fd, void *buf, size_t size, int flags)`: bytes received.
  public long recv(int fd, MemorySegment buf, long size, int flags) {
    return callLong(RECV, fd, buf.address(), size, flags, 0);
  }

  /// `int recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags, struct timespec
  /// *timeout)` without a timeout: messages received.
  public int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
    return callInt(RECVMMSG, fd, messages.address(), count, flags, 0);
  }

  /// `int setsockopt(int fd, int level, int name, const void *value, socklen_t length)`.
  public int setsockopt(int fd, int level, int name, MemorySegment value) {
    return callInt(SETSOCKOPT, fd, level, name, value.address(), value.byteSize());
  }

  /// `int getsockopt(int fd, int level, int name, void *value, socklen_t *length)`.
  public int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
    return callInt(GETSOCKOPT, fd, level, name, value.address(), length.address());
  }

  /// `int getsockname(int fd, struct sockaddr *address, socklen_t *length)`.
  public int getsockname(int fd, MemorySegment address, MemorySegment length) {
    return callInt(GETSOCKNAME, fd, address.address(), length.address(), 0, 0);
  }

  /// `void *mmap(NULL, size_t length, int prot, MAP_SHARED, int fd, 0)`: the address, or a negated
  /// error number. An address is never negative, since user space is in the lower half.
  public long mmapShared(int fd, long length, int prot) {
    return result(call(MMAP, 0, length, prot, 1, fd, 0));
  }

  /// `int munmap(void *address, size_t length)`.
  public int munmap(long address, long length) {
    return callInt(MUNMAP, address, length, 0, 0, 0);
  }

  @Override
  public int unshare(int flags) {
    return callInt(UNSHARE, flags, 0, 0, 0, 0);
  }

  @Override
  public int setns(int fd, int type) {
    return callInt(SETNS, fd, type, 0, 0, 0);
  }

  @Override
  public int schedGetaffinity(MemorySegment mask) {
    return callInt(SCHED_GETAFFINITY, 0, mask.byteSize(), mask.address(), 0, 0);
  }

  @Override
  public int schedSetaffinity(MemorySegment mask) {
    return callInt(SCHED_SETAFFINITY, 0, mask.byteSize(), mask.address(), 0, 0);
  }

  /// `int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)` of the
  /// calling thread.
  public int schedSetscheduler(int policy, MemorySegment param) {
    return callInt(SCHED_SETSCHEDULER, 0, policy, param.address(), 0, 0);
  }

  /// `int sched_setattr(pid_t pid, struct sched_attr *attr, unsigned int flags)` of the calling
  /// thread.
  public int schedSetattr(MemorySegment attr) {
    return callInt(SYSCALL, ARM ? 274 : 314, 0, attr.address(), 0, 0);
  }

  /// `int getpagesize(void)`: bytes of a page of memory.
  public int getpagesize() {
    return callInt(GETPAGESIZE, 0, 0, 0, 0, 0);
  }

  @Override
  public int getpid() {
    return callInt(GETPID, 0, 0, 0, 0, 0);
  }

  /// `int perf_event_open(struct perf_event_attr *attr, pid_t pid, int cpu, int group, unsigned
  /// long flags)`: a descriptor.
  public int perfEventOpen(MemorySegment attr, int pid, int cpu, int group, long flags) {
    int number = ARM ? 241 : 298;
    int returned = (int) call(SYSCALL, number, attr.address(), pid, cpu, group, flags);
    return (int) result(returned);
  }

  @Override
  public int pidfdOpen(int pid, int flags) {
    return callInt(SYSCALL, 434, pid, flags, 0, 0);
  }

  @Override
  public int pidfdGetfd(int pidfd, int targetfd) {
    return callInt(SYSCALL, 438, pidfd, targetfd, 0, 0);
  }

  private int callInt(MemorySegment function, long a, long b, long c, long d, long e) {
    int returned = (int) call(function, a, b, c, d, e);
    return (int) result(returned);
  }

  private long callLong(MemorySegment function, long a, long b, long c, long d, long e) {
    return result(call(function, a, b, c, d, e));
  }

  private long result(long returned) {
    return returned == -1 ? -(int) ERRNO_OF.get(captured, 0L) : returned;
  }

  private long call(MemorySegment function, long a, long b, long c, long d, long e) {
    return call(function, a, b, c, d, e, 0);
  }

  private long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) SHAPE.invokeExact(function, captured, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new AssertionError("a call into the C library can't throw", t);
    }
  }

  /// The id of a clock for the CPU time that all threads of a process have used
  /// (`clock_getcpuclockid(3)`; `kernel/time/posix-cpu-timers.c`, `MAKE_PROCESS_CPUCLOCK`).
  public static int processCpuClock(int pid) {
    return (~pid << 3) | 2;
  }
}
