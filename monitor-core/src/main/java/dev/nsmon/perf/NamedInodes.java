package dev.nsmon.perf;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;

/// The inodes that a NAMESPACES record names (`linux/perf_event.h`), beside those of the host's
/// initial namespaces.
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

  /// @param initial of the host
  NamedInodes(Inodes initial) {
    for (int place = 0; place < ORDER.length; place++) {
      this.initial[place] = initial.of(ORDER[place]);
    }
  }

  /// Whether none of those it names is other than initial.
  boolean areInitial(long[] words, int at) {
    for (int place = 0; place < PerfDecoder.NAMED; place++) {
      long inode = PerfDecoder.inode(words, at, place);
      if (inode != initial[place] && inode != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether it names seven, and each is initial.
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

  /// Those that it names, by type.
  static Inodes of(long[] words, int at) {
    long[] byType = new long[NamespaceType.values().length];
    for (int place = 0; place < ORDER.length; place++) {
      byType[ORDER[place].ordinal()] = PerfDecoder.inode(words, at, place);
    }
    return new Inodes(byType);
  }
}
