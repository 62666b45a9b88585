package dev.nsmon.corpus;

import dev.nsmon.namespace.NamespaceType;

/// A namespace of a [Host].
final class Ns {
  final NamespaceType type;

  /// As scenarios call it: `net1` is the first network namespace that was made, `net:init` the
  /// initial one.
  final String name;

  final long inode;
  final long id;
  final Ns parent;
  final Ns owner;
  final int ownerUid;
  final long bornNanos;
  boolean dead;

  Ns(
      NamespaceType type,
      String name,
      long inode,
      long id,
      Ns parent,
      Ns owner,
      int ownerUid,
      long bornNanos) {
    this.type = type;
    this.name = name;
    this.inode = inode;
    this.id = id;
    this.parent = parent;
    this.owner = owner;
    this.ownerUid = ownerUid;
    this.bornNanos = bornNanos;
  }

  boolean isInitial() {
    return name.endsWith(":init");
  }

  /// As `/proc/PID/ns` shows it.
  String link() {
    return type + ":[" + inode + "]";
  }

  /// Whether it is the other, or a descendant of it.
  boolean isWithin(Ns top) {
    return this == top || (parent != null && parent.isWithin(top));
  }

  @Override
  public String toString() {
    return name;
  }
}
