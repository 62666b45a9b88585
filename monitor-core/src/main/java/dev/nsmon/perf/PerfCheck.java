package dev.nsmon.perf;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;

/// Finds out whether the kernel would write a record for every fork, unshare and setns on the host
/// (`perf_event_open(2)`, `PERF_RECORD_NAMESPACES`, Linux 4.12), by opening one such event.
public final class PerfCheck {
  private PerfCheck() {}

  /// Empty if it works, else why not.
  public static String problem(Libc libc) {
    String obstacle =
        OwnNamespaces.obstacle(
            libc, NamespaceType.PID.initialInode(), NamespaceType.TIME.initialInode());
    if (!obstacle.isEmpty()) {
      return obstacle;
    }
    int fd = PerfAttr.open(libc, 0, 0);
    if (fd < 0) {
      return PerfAttr.refusal(-fd);
    }
    libc.close(fd);
    return "";
  }
}
