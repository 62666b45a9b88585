package dev.nsmon.libc;

/// The error numbers that nsmon distinguishes (`errno(3)`), and the classes "gone" and "denied".
/// The values are the same on x86-64 and AArch64.
///
/// Calls of [Libc] return error numbers negated, like the kernel, instead of throwing. Most are no
/// failures but expected answers, and a scan gets thousands of them.
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int EMFILE = 24;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EPIPE = 32;
  public static final int ENOSYS = 38;
  public static final int EOPNOTSUPP = 95;
  public static final int ENOBUFS = 105;
  public static final int ECONNREFUSED = 111;
  public static final int ESTALE = 116;

  private static final String[] NAMES = new String[134];

  static {
    NAMES[EPERM] = "EPERM";
    NAMES[ENOENT] = "ENOENT";
    NAMES[ESRCH] = "ESRCH";
    NAMES[EINTR] = "EINTR";
    NAMES[ENXIO] = "ENXIO";
    NAMES[E2BIG] = "E2BIG";
    NAMES[EBADF] = "EBADF";
    NAMES[EAGAIN] = "EAGAIN";
    NAMES[ENOMEM] = "ENOMEM";
    NAMES[EACCES] = "EACCES";
    NAMES[EBUSY] = "EBUSY";
    NAMES[ENODEV] = "ENODEV";
    NAMES[ENOTDIR] = "ENOTDIR";
    NAMES[EISDIR] = "EISDIR";
    NAMES[EINVAL] = "EINVAL";
    NAMES[EMFILE] = "EMFILE";
    NAMES[ENOSPC] = "ENOSPC";
    NAMES[EROFS] = "EROFS";
    NAMES[EPIPE] = "EPIPE";
    NAMES[ENOSYS] = "ENOSYS";
    NAMES[EOPNOTSUPP] = "EOPNOTSUPP";
    NAMES[ENOBUFS] = "ENOBUFS";
    NAMES[ECONNREFUSED] = "ECONNREFUSED";
    NAMES[ESTALE] = "ESTALE";
  }

  private Errno() {}

  /// True if the object does not exist or no longer does. A process that exits while it is read
  /// gives ESRCH; one that was reaped gives ENOENT.
  public static boolean isGone(long result) {
    return result == -ENOENT || result == -ESRCH;
  }

  /// True if the kernel denies access to an existing object.
  public static boolean isDenied(long result) {
    return result == -EACCES || result == -EPERM;
  }

  /// The symbolic name, such as `ENOENT`; `errno 134` for a number that has no name here.
  public static String name(int errno) {
    return errno > 0 && errno < NAMES.length && NAMES[errno] != null
        ? NAMES[errno]
        : "errno " + errno;
  }
}
