package dev.nsmon.bench;

import java.util.ArrayList;
import java.util.List;

/// A plain table, each column as wide as it needs, numbers to the right.
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  Table(String... head) {
    rows.add(head);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  void print() {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(row[0]);
      line.repeat(' ', widths[0] - row[0].length());
      for (int i = 1; i < row.length; i++) {
        line.repeat(' ', 2 + widths[i] - row[i].length()).append(row[i]);
      }
      System.out.println(line.toString().stripTrailing());
    }
  }
}
