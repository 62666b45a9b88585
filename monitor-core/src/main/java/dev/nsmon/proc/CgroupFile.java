package dev.nsmon.proc;

import dev.nsmon.container.Container;
import java.nio.charset.StandardCharsets;

/// The control group in `/proc/PID/cgroup` (`proc_pid_cgroup(5)`): lines of
/// `hierarchy:controllers:path`.
final class CgroupFile {
  private static final String DELETED = " (deleted)";

  private CgroupFile() {}

  /// The path that tells where the process belongs: one that names a container if there is any, the
  /// longest of them, for containers within others make it longer; else of version 2 (hierarchy 0)
  /// unless it is the root, else of systemd's own hierarchy, else the longest of version 1. Empty
  /// if there is none. A host of both versions has containers in either.
  ///
  /// A reader in a cgroup namespace sees what lies outside as `/../..`; those steps say nothing and
  /// are left out.
  static String path(byte[] file, int length) {
    String best = "";
    int bestRank = -1;
    // Not String.lines(): a name may have a carriage return in it, and would begin a line of its
    // own.
    for (String line : new String(file, 0, length, StandardCharsets.UTF_8).split("\n", -1)) {
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      if (first <= 0 || second < 0) {
        continue;
      }
      String path = line.substring(second + 1);
      // The group of a zombie may have been removed.
      path = path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
      while (path.equals("/..") || path.startsWith("/../")) {
        path = path.substring(3);
      }
      int rank = path.equals(best) ? -1 : rank(line.substring(0, second), path);
      if (rank > bestRank || (rank == bestRank && path.length() > best.length())) {
        best = path;
        bestRank = rank;
      }
    }
    return best;
  }

  private static int rank(String prefix, String path) {
    if (path.length() <= 1) {
      return 0;
    }
    if (!Container.ofCgroup(path).id().isEmpty()) {
      return 4;
    }
    if (prefix.equals("0:")) {
      return 3;
    }
    return prefix.endsWith(":name=systemd") ? 2 : 1;
  }
}
