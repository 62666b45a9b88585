package dev.nsmon.push;

import dev.nsmon.namespace.NamespaceType;
import java.util.Arrays;

/// The inode numbers of a task's namespaces at one moment; 0 for a type that the record does not
/// name. Immutable.
public final class Inodes {
  /// The value for a record that names no namespace.
  public static final Inodes NONE = new Inodes(new long[NamespaceType.values().length]);

  private final long[] byType;

  /// @param byType one inode for each [NamespaceType], in the order of its constants
  public Inodes(long[] byType) {
    if (byType.length != NamespaceType.values().length) {
      throw new IllegalArgumentException("eight types, not " + byType.length);
    }
    this.byType = byType.clone();
  }

  /// The inode of this type's namespace; 0 if unknown.
  public long of(NamespaceType type) {
    return byType[type.ordinal()];
  }

  /// True if at least one inode is known.
  public boolean isKnown() {
    return !equals(NONE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Inodes inodes && Arrays.equals(byType, inodes.byType);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(byType);
  }

  @Override
  public String toString() {
    return Arrays.toString(byType);
  }
}
