package dev.nsmon.live;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// A set of keys of namespaces, which takes some bits of memory for each: a long run sees millions.
final class Keys {
  /// By type, ids; by inode, generations.
  private final Map<String, BitSet> byPrefix = new HashMap<>();

  /// Where the number of a key begins that is counted up.
  private static int lastNumber(String key) {
    return 1 + Math.max(key.indexOf(':'), key.indexOf('.'));
  }

  void add(String key) {
    int at = lastNumber(key);
    byPrefix
        .computeIfAbsent(key.substring(0, at), _ -> new BitSet())
        .set(Integer.parseInt(key.substring(at)));
  }

  boolean contains(String key) {
    int at = lastNumber(key);
    BitSet numbers = byPrefix.get(key.substring(0, at));
    return numbers != null && numbers.get(Integer.parseInt(key.substring(at)));
  }
}
