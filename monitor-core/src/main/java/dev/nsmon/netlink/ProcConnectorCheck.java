package dev.nsmon.netlink;

import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.util.function.LongSupplier;

/// Finds out whether the kernel would tell this process of every fork, exec and exit: by asking it
/// to and waiting for the acknowledgement. Version or capabilities do not tell, since the kernel
/// ignores whoever is in a child pid or user namespace without a word.
public final class ProcConnectorCheck {
  private static final int SMALL_BUFFER = 64 * 1024;

  private ProcConnectorCheck() {}

  /// Empty if it works, else why not. Takes a second where the kernel does not answer.
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
