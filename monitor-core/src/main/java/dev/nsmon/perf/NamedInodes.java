package dev.nsmon.perf;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;

/// Compares the namespace inodes of a NAMESPACES record (`linux/perf_event.h`) with those of the
/// host's initial namespaces. In all methods, `words` holds the record and `at` is the index of its
/// header.
final class NamedInodes {
  private static final NamespaceType[] ORDER = {
    NamespaceType.NET,
    NamespaceType.UTS,
    NamespaceType.IPC,
    NamespaceType.PID,
    NamespaceType.USER,
    NamespaceType.MNT,
    NamespaceType.CGROUP
  };

  private final long[] initial = new long[PerfDecoder.NAMED];

  /// @param initial inodes of the host's initial namespaces
  NamedInodes(Inodes initial) {
    for (int place = 0; place < ORDER.length; place++) {
      this.initial[place] = initial.of(ORDER[place]);
    }
  }

  /// True if every inode that the record names is initial. A type that it does not name counts as
  /// initial.
  boolean areInitial(long[] words, int at) {
    for (int place = 0; place < PerfDecoder.NAMED; place++) {
      long inode = PerfDecoder.inode(words, at, place);
      if (inode != initial[place] && inode != 0) {
        return false;
      }
    }
    return true;
  }

  /// True if the record names exactly seven inodes and each is initial. Unrolled, because it runs
  /// for every fork on the host.
  boolean areAllInitial(long[] words, int at) {
    long[] host = initial;
    int place = at + 4;
    return words[at + 2] == PerfDecoder.NAMED
        && words[place] == host[0]
        && words[place + 2] == host[1]
        && words[place + 4] == host[2]
        && words[place + 6] == host[3]
        && words[place + 8] == host[4]
        && words[place + 10] == host[5]
        && words[place + 12] == host[6];
  }

  /// The inodes that the record names, by type; 0 for a type that it does not name.
  static Inodes of(long[] words, int at) {
    long[] byType = new long[NamespaceType.values().length];
    for (int place = 0; place < ORDER.length; place++) {
      byType[ORDER[place].ordinal()] = PerfDecoder.inode(words, at, place);
    }
    return new Inodes(byType);
  }
}
