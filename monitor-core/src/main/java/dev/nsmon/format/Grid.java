package dev.nsmon.format;

import dev.nsmon.format.Style.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Lays out rows of text in columns as wide as their content.
///
/// @param right headings of the right-aligned columns
/// @param runsOver a column that may overflow into the next where that is empty; -1 for none
/// @param width width of the terminal in columns, at which lines are cut; 0 for no limit
record Grid(Set<String> right, int runsOver, Style style, int width) {

  /// The lines; the first row is the heading.
  List<String> lines(List<List<String>> rows) {
    List<String> headings = rows.getFirst();
    int[] widths = new int[headings.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        boolean free = i == runsOver && row.get(i + 1).isEmpty();
        widths[i] = Math.max(widths[i], free ? 0 : row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>(rows.size());
    for (List<String> row : rows) {
      String line = line(row, headings, widths);
      lines.add(lines.isEmpty() ? style.paint(Colour.BOLD, line) : line);
    }
    return lines;
  }

  private String line(List<String> row, List<String> headings, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(line.isEmpty() ? "" : " ");
      line.append(right.contains(headings.get(i)) ? padding + cell : cell + padding);
    }
    String text = line.toString().stripTrailing();
    return width > 0 && text.length() > width ? text.substring(0, width) : text;
  }
}
