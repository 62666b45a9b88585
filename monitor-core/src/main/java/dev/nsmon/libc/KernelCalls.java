package dev.nsmon.libc;

import java.lang.foreign.MemorySegment;

/// The system calls that observe a host's processes and namespaces: those of [Libc] that read
/// `/proc` and nsfs. Calls that only push sources need are not here.
///
/// Everything known of the host comes through this interface, so that a simulated kernel can
/// replace the real one. Each method is named like its man page. It returns what the call returns,
/// or the negated error number if the call fails. An instance is used by one thread.
public interface KernelCalls {

  /// `int openat(int dirfd, const char *path, int flags)`: a descriptor.
  int openat(int dirfd, MemorySegment path, int flags);

  /// `int openat2(int dirfd, const char *path, const struct open_how *how, size_t size)`, where
  /// `how` is three longs: flags, mode, resolve. A descriptor.
  int openat2(int dirfd, MemorySegment path, MemorySegment how);

  /// `int close(int fd)`.
  int close(int fd);

  /// `ssize_t read(int fd, void *buf, size_t count)`: bytes read.
  long read(int fd, MemorySegment buf, long count);

  /// `off_t lseek(int fd, off_t offset, int whence)` with `SEEK_SET` to 0.
  long rewind(int fd);

  /// `ssize_t getdents64(int fd, void *dirp, size_t count)`: bytes read.
  long getdents64(int fd, MemorySegment dirp, long count);

  /// `ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size)`: bytes placed in
  /// buf, with no terminator.
  long readlinkat(int dirfd, MemorySegment path, MemorySegment buf, long size);

  /// `int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf)`.
  int statx(int dirfd, MemorySegment path, int flags, int mask, MemorySegment buf);

  /// `int clock_gettime(clockid_t clock, struct timespec *tp)`: nanoseconds of that clock.
  long clockNanos(int clock, MemorySegment timespec);

  /// `int name_to_handle_at(int dirfd, const char *path, struct file_handle *handle, int *mount_id,
  /// int flags)`.
  int nameToHandleAt(
      int dirfd, MemorySegment path, MemorySegment handle, MemorySegment mountId, int flags);

  /// `int open_by_handle_at(int mount_fd, struct file_handle *handle, int flags)`: a descriptor.
  int openByHandleAt(int mountFd, MemorySegment handle, int flags);

  /// `int ioctl(int fd, unsigned long op, void *arg)`.
  int ioctl(int fd, long op, MemorySegment arg);

  /// `int poll(struct pollfd *fds, nfds_t count, int timeout)`: the number of ready descriptors; 0
  /// after the timeout.
  int poll(MemorySegment fds, int count, int timeoutMillis);

  /// `int pidfd_open(pid_t pid, unsigned int flags)`: a descriptor.
  int pidfdOpen(int pid, int flags);

  /// `int pidfd_getfd(int pidfd, int targetfd, unsigned int flags)`: a copy of the other process's
  /// descriptor.
  int pidfdGetfd(int pidfd, int targetfd);

  /// `pid_t getpid(void)`.
  int getpid();

  /// `int unshare(int flags)`, of the calling thread.
  int unshare(int flags);

  /// `int setns(int fd, int type)`, of the calling thread.
  int setns(int fd, int type);

  /// `int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask)` of the calling thread.
  int schedGetaffinity(MemorySegment mask);

  /// `int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *mask)` of the calling thread.
  int schedSetaffinity(MemorySegment mask);
}
