package dev.nsmon.namespace;

/// The proof that a namespace has ended. The list is open: see [Word].
public final class Evidence extends Word {
  /// The kernel no longer knows its id: its file handle is stale (Linux 6.18).
  public static final Evidence KERNEL_ID_GONE = new Evidence("kernel-id-gone");

  /// The kernel has given its inode to another namespace, which it never does while the inode is in
  /// use.
  public static final Evidence INODE_REUSED = new Evidence("inode-reused");

  /// A full scan found no process, mount, descriptor, socket or child namespace that holds it.
  public static final Evidence NO_HOLDER = new Evidence("no-holder");

  /// The host has been rebooted since.
  public static final Evidence REBOOT = new Evidence("reboot");

  private static final Evidence[] KNOWN = {KERNEL_ID_GONE, INODE_REUSED, NO_HOLDER, REBOOT};

  private Evidence(String text) {
    super(text);
  }

  /// The words that this version knows.
  public static Evidence[] values() {
    return KNOWN.clone();
  }

  /// The word with this text, known or not.
  public static Evidence of(String text) {
    Evidence known = among(KNOWN, text);
    return known == null ? new Evidence(text) : known;
  }
}
