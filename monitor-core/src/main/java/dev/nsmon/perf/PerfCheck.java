package dev.nsmon.perf;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;

/// Probes whether the kernel writes a record for every fork, unshare and setns on the host
/// (`perf_event_open(2)`, `PERF_RECORD_NAMESPACES`, Linux 4.12). It opens one such event on CPU 0
/// and closes it.
public final class PerfCheck {
  private PerfCheck() {}

  /// Empty if the records are available, else the reason in words.
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
