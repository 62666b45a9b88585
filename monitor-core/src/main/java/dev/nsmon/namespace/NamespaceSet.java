package dev.nsmon.namespace;

import java.util.Arrays;

/// The namespaces that a task's ten links name. Immutable. Tasks with the same namespaces share one
/// instance, so that a process costs a reference and not an array.
public final class NamespaceSet {
  /// The set of a task of which nothing could be read.
  public static final NamespaceSet NONE = new NamespaceSet(new Namespace[NamespaceLink.COUNT]);

  private final Namespace[] namespaces;
  private final boolean initial;

  /// @param namespaces one for each [NamespaceLink] in order; null where unknown
  public NamespaceSet(Namespace[] namespaces) {
    if (namespaces.length != NamespaceLink.COUNT) {
      throw new IllegalArgumentException("ten links, not " + namespaces.length);
    }
    this.namespaces = namespaces.clone();
    boolean all = true;
    for (Namespace namespace : namespaces) {
      all &= namespace == null || namespace.initial();
    }
    this.initial = all;
  }

  /// True if the link's namespace is known. A single link can be unreadable. An example is
  /// `pid_for_children` from `unshare(CLONE_NEWPID)` until the first child (`pid_namespaces(7)`).
  public boolean knows(int link) {
    return namespaces[link] != null;
  }

  /// The namespace that the link names.
  ///
  /// @throws IllegalStateException if it is unknown
  public Namespace get(int link) {
    Namespace namespace = namespaces[link];
    if (namespace == null) {
      throw new IllegalStateException(NamespaceLink.at(link).fileName() + " is not known");
    }
    return namespace;
  }

  /// The inode that the link names; 0 if unknown, since no namespace has inode 0.
  public long inode(int link) {
    Namespace namespace = namespaces[link];
    return namespace == null ? 0 : namespace.inode();
  }

  /// True if every known namespace of the set exists since boot.
  public boolean isInitial() {
    return initial;
  }

  /// True if a task with this set is a member of the namespace. Compares instances.
  public boolean isMember(Namespace namespace) {
    return namespaces[namespace.type().ordinal()] == namespace;
  }

  /// True if both sets have the same memberships; the links for future children are ignored.
  public boolean sameMemberships(NamespaceSet other) {
    return Arrays.equals(
        namespaces, 0, NamespaceLink.MEMBERSHIPS, other.namespaces, 0, NamespaceLink.MEMBERSHIPS);
  }

  /// Compares instances: within a scanner, each namespace is one instance.
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof NamespaceSet set)) {
      return false;
    }
    for (int i = 0; i < namespaces.length; i++) {
      if (namespaces[i] != set.namespaces[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (Namespace namespace : namespaces) {
      hash = 31 * hash + System.identityHashCode(namespace);
    }
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(namespaces);
  }
}
