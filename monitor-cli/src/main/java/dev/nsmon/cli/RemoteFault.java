package dev.nsmon.cli;

/// A monitor elsewhere can't be read. The message is one line that says which and why.
final class RemoteFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  /// @param lasting whether it makes no sense to try again as it was tried
  RemoteFault(String message, boolean lasting, Throwable cause) {
    super(message, cause);
    this.lasting = lasting;
  }

  boolean isLasting() {
    return lasting;
  }
}
