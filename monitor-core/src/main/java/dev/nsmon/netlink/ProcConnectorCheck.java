package dev.nsmon.netlink;

import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.util.function.LongSupplier;

/// Probes whether the kernel delivers process events to this process: it subscribes and waits for
/// the acknowledgement. Kernel version and capabilities are no substitute, since the kernel
/// silently ignores a listener in a child pid or user namespace.
public final class ProcConnectorCheck {
  private static final int SMALL_BUFFER = 64 * 1024;

  private ProcConnectorCheck() {}

  /// Empty if it works, else the reason in words. Takes one second if the kernel does not answer.
  ///
  /// @param nanoTime monotonic time
  public static String problem(Libc libc, LongSupplier nanoTime) {
    try {
      ConnectorSocket.open(libc, new Inbox(libc), SMALL_BUFFER, nanoTime).close();
      return "";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
