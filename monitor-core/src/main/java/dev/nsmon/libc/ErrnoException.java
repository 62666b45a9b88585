package dev.nsmon.libc;

import java.io.IOException;

/// A system call has failed with an error that is neither "gone" nor "denied".
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /// @param call the call and its object, such as `openat /proc/12/ns`
  /// @param errno the positive error number
  public ErrnoException(String call, int errno) {
    super(call + ": " + Errno.name(errno));
    this.errno = errno;
  }

  /// The positive error number.
  public int errno() {
    return errno;
  }
}
