package dev.nsmon.cli;

/// Thrown if a remote monitor can't be read. The message is one line that names the monitor and the
/// reason.
final class RemoteFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  /// @param lasting true if a retry would fail in the same way
  RemoteFault(String message, boolean lasting, Throwable cause) {
    super(message, cause);
    this.lasting = lasting;
  }

  boolean isLasting() {
    return lasting;
  }
}
