package dev.nsmon.namespace;

import java.util.Arrays;

/// The namespaces that a task's ten links name. Immutable; tasks that live together share one
/// instance, so that a process costs a reference and not an array.
public final class NamespaceSet {
  /// Of a task that nothing could be read of.
  public static final NamespaceSet NONE = new NamespaceSet(new Namespace[NamespaceLink.COUNT]);

  private final Namespace[] namespaces;
  private final boolean initial;

  /// Takes one namespace for each [NamespaceLink] in order, null where it is unknown.
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

  /// Whether the link's namespace is known. A link can be unreadable by itself: `pid_for_children`
  /// is, from `unshare(CLONE_NEWPID)` until the first child (`pid_namespaces(7)`).
  public boolean knows(int link) {
    return namespaces[link] != null;
  }

  /// The namespace behind the link.
  ///
  /// @throws IllegalStateException if it is not known
  public Namespace get(int link) {
    Namespace namespace = namespaces[link];
    if (namespace == null) {
      throw new IllegalStateException(NamespaceLink.at(link).fileName() + " is not known");
    }
    return namespace;
  }

  /// The inode behind the link, or 0 if it is not known. No namespace has inode 0.
  public long inode(int link) {
    Namespace namespace = namespaces[link];
    return namespace == null ? 0 : namespace.inode();
  }

  /// Whether every namespace known here exists since boot.
  public boolean isInitial() {
    return initial;
  }

  /// Whether a task with this set is a member of the namespace.
  public boolean isMember(Namespace namespace) {
    return namespaces[namespace.type().ordinal()] == namespace;
  }

  /// Whether both sets say the same of all memberships.
  public boolean sameMemberships(NamespaceSet other) {
    return Arrays.equals(
        namespaces, 0, NamespaceLink.MEMBERSHIPS, other.namespaces, 0, NamespaceLink.MEMBERSHIPS);
  }

  /// By identity of the namespaces: one namespace is one instance within a scanner.
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
