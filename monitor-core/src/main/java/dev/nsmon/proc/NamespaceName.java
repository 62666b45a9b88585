package dev.nsmon.proc;

import dev.nsmon.namespace.NamespaceType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The name that the kernel shows for a namespace, as in `net:[4026532177]` (`namespaces(7)`).
public record NamespaceName(NamespaceType type, long inode) {

  /// Parses such a name; empty if it is anything else.
  public static Optional<NamespaceName> parse(byte[] text, int start, int end) {
    int bracket = start;
    while (bracket < end && text[bracket] != '[') {
      bracket++;
    }
    if (bracket - start < 2
        || bracket - start > 8
        || end - bracket < 3
        || end - bracket > 20
        || text[bracket - 1] != ':'
        || text[end - 1] != ']') {
      return Optional.empty();
    }
    long inode = 0;
    for (int at = bracket + 1; at < end - 1; at++) {
      if (text[at] < '0' || text[at] > '9') {
        return Optional.empty();
      }
      inode = inode * 10 + text[at] - '0';
    }
    long parsed = inode;
    return NamespaceType.byKernelName(
            new String(text, start, bracket - 1 - start, StandardCharsets.ISO_8859_1))
        .map(type -> new NamespaceName(type, parsed));
  }
}
