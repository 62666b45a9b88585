package dev.nsmon.namespace;

/// The ten links in `/proc/PID/ns` (`namespaces(7)`). Eight name the process's own namespace of
/// each type; two name namespaces of its future children.
///
/// The first eight have the ordinals of [NamespaceType] and name memberships. The process keeps the
/// namespaces of the last two alive without being a member.
public enum NamespaceLink {
  CGROUP(NamespaceType.CGROUP),
  IPC(NamespaceType.IPC),
  MNT(NamespaceType.MNT),
  NET(NamespaceType.NET),
  PID(NamespaceType.PID),
  TIME(NamespaceType.TIME),
  USER(NamespaceType.USER),
  UTS(NamespaceType.UTS),
  PID_FOR_CHILDREN(NamespaceType.PID),
  TIME_FOR_CHILDREN(NamespaceType.TIME);

  /// The number of links that name a membership, one per type.
  public static final int MEMBERSHIPS = 8;

  /// The number of links.
  public static final int COUNT = 10;

  private static final NamespaceLink[] VALUES = values();

  private final NamespaceType type;

  NamespaceLink(NamespaceType type) {
    this.type = type;
  }

  /// The type of namespace that the link names.
  public NamespaceType type() {
    return type;
  }

  /// The link's name in `/proc/PID/ns`.
  public String fileName() {
    return ordinal() < MEMBERSHIPS ? type.kernelName() : type.kernelName() + "_for_children";
  }

  /// The link with this ordinal.
  public static NamespaceLink at(int ordinal) {
    return VALUES[ordinal];
  }
}
