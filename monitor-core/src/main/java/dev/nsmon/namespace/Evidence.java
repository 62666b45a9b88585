package dev.nsmon.namespace;

/// How it is known that a namespace has ended.
public enum Evidence {
  /// The kernel says that its id is gone: its file handle is stale (Linux 6.18).
  KERNEL_ID_GONE("kernel-id-gone"),
  /// The kernel has given its inode to another, which it does to no inode in use.
  INODE_REUSED("inode-reused"),
  /// A complete look found no process, mount, descriptor, socket or child namespace that holds it.
  NO_HOLDER("no-holder"),
  /// The host has been booted anew since.
  REBOOT("reboot");

  private final String text;

  Evidence(String text) {
    this.text = text;
  }

  /// As it stands in the event.
  @Override
  public String toString() {
    return text;
  }
}
