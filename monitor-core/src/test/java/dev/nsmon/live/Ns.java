package dev.nsmon.live;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;

/// A namespace as the helper knows it: asked from the kernel by other means than the product uses.
record Ns(NamespaceType type, long id, long inode) {

  String key() {
    return Namespace.keyOfId(type, id);
  }

  /// Whether the product knows that it means this one: others may have the inode before and after
  /// it, and be told without an id.
  boolean hasIdOf(Namespace namespace) {
    return namespace.type() == type && namespace.id() == id;
  }

  /// Whether the product means the same namespace, as far as it can know without ids.
  boolean is(Namespace namespace) {
    return namespace.type() == type
        && (namespace.id() == id || namespace.id() < 0)
        && namespace.inode() == inode;
  }
}
