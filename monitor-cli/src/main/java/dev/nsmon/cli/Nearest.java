package dev.nsmon.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the valid name that is most similar to a misspelt one.
final class Nearest {
  private Nearest() {}

  /// The name with the smallest edit distance; empty if none is near enough.
  static Optional<String> to(String name, Collection<String> names) {
    String own = plain(name);
    return names.stream()
        .filter(one -> isMistake(own, plain(one)))
        .min(Comparator.comparingInt(one -> distance(own, plain(one))));
  }

  /// Whether a name is near enough. It is not if more than a third of its letters differ, or more
  /// than half of those after the common prefix.
  private static boolean isMistake(String name, String meant) {
    int common = 0;
    int shorter = Math.min(name.length(), meant.length());
    while (common < shorter && name.charAt(common) == meant.charAt(common)) {
      common++;
    }
    int rest = Math.max(name.length(), meant.length()) - common;
    return distance(name, meant) <= Math.min(Math.max(1, name.length() / 3), (rest + 1) / 2);
  }

  /// Case, and `_` instead of `-`, do not count as differences.
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The edit distance: insertions, deletions, substitutions and swaps of neighbours (optimal
  /// string alignment).
  static int distance(String a, String b) {
    int[][] costs = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          costs[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(costs[i - 1][j], costs[i][j - 1]) + 1;
        least = Math.min(least, costs[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        costs[i][j] = swapped ? Math.min(least, costs[i - 2][j - 2] + 1) : least;
      }
    }
    return costs[a.length()][b.length()];
  }
}
