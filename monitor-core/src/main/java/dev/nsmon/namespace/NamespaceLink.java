package dev.nsmon.namespace;

/// The ten links in `/proc/PID/ns` (`namespaces(7)`): one for each type that the process is in, and
/// two for the namespaces that its children will be in.
///
/// The first eight have the ordinals of [NamespaceType]. A process is a *member* of what those
/// eight name; what the last two name it only keeps alive.
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

  /// How many links name a membership: those of the eight types.
  public static final int MEMBERSHIPS = 8;

  /// How many links there are.
  public static final int COUNT = 10;

  private static final NamespaceLink[] VALUES = values();

  private final NamespaceType type;

  NamespaceLink(NamespaceType type) {
    this.type = type;
  }

  /// The type of namespace that the link leads to.
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
