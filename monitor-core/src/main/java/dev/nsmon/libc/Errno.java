package dev.nsmon.libc;

/// The error numbers that this program tells apart (`errno(3)`), and the three classes that they
/// fall into. The numbers are the same on all architectures that Linux names them for here.
///
/// Calls of [Libc] return them negated, as the kernel itself does: most of them are no failure but
/// an answer, and a scan gets thousands.
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EINVAL = 22;
  public static final int EMFILE = 24;
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
    NAMES[E2BIG] = "E2BIG";
    NAMES[EBADF] = "EBADF";
    NAMES[EAGAIN] = "EAGAIN";
    NAMES[ENOMEM] = "ENOMEM";
    NAMES[EACCES] = "EACCES";
    NAMES[EBUSY] = "EBUSY";
    NAMES[ENODEV] = "ENODEV";
    NAMES[ENOTDIR] = "ENOTDIR";
    NAMES[EINVAL] = "EINVAL";
    NAMES[EMFILE] = "EMFILE";
    NAMES[ENOSYS] = "ENOSYS";
    NAMES[EOPNOTSUPP] = "EOPNOTSUPP";
    NAMES[ENOBUFS] = "ENOBUFS";
    NAMES[ECONNREFUSED] = "ECONNREFUSED";
    NAMES[ESTALE] = "ESTALE";
  }

  private Errno() {}

  /// Whether the thing is not there, or not any more: a process that exits while it is read shows
  /// as ESRCH, one that was reaped as ENOENT.
  public static boolean isGone(long result) {
    return result == -ENOENT || result == -ESRCH;
  }

  /// Whether the thing is there and the kernel will not show it.
  public static boolean isDenied(long result) {
    return result == -EACCES || result == -EPERM;
  }

  /// `ENOENT`, or the bare number of one that has no name here.
  public static String name(int errno) {
    return errno > 0 && errno < NAMES.length && NAMES[errno] != null
        ? NAMES[errno]
        : "errno " + errno;
  }
}
