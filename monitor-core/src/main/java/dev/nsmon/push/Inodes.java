package dev.nsmon.push;

import dev.nsmon.namespace.NamespaceType;
import java.util.Arrays;

/// The inode numbers of a task's namespaces at one moment, as far as a record names them; 0 where
/// it does not. Immutable.
public final class Inodes {
  /// Of a record that names none.
  public static final Inodes NONE = new Inodes(new long[NamespaceType.values().length]);

  private final long[] byType;

  /// @param byType one for each [NamespaceType], in their order
  public Inodes(long[] byType) {
    if (byType.length != NamespaceType.values().length) {
      throw new IllegalArgumentException("eight types, not " + byType.length);
    }
    this.byType = byType.clone();
  }

  /// The inode of this type's namespace, or 0 if the record does not say.
  public long of(NamespaceType type) {
    return byType[type.ordinal()];
  }

  /// Whether it names any.
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
