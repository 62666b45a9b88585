package dev.nsmon.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The namespaces of many hosts as a table.
public final class FleetTable {
  private static final List<String> HEADINGS =
      List.of("HOST", "NS", "TYPE", "ID", "NPROCS", "OWNER", "CONTAINER", "HELD-BY");
  private static final Set<String> RIGHT = Set.of("NS", "ID", "NPROCS");

  private final Style style;
  private final int width;

  /// @param width width of the terminal in columns, at which lines are cut; 0 for no limit
  public FleetTable(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /// The lines of the table, heading first.
  public List<String> lines(List<NamespaceState> states) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    for (NamespaceState state : states) {
      rows.add(row(state));
    }
    return new Grid(RIGHT, -1, style, width).lines(rows);
  }

  private List<String> row(NamespaceState state) {
    return List.of(
        show(state.host().shown()),
        state.namespace().inode() < 0 ? "" : Long.toString(state.namespace().inode()),
        state.namespace().type().kernelName(),
        state.namespace().id() < 0 ? "" : Long.toUnsignedString(state.namespace().id()),
        Integer.toString(state.processes()),
        show(state.namespace().owner()),
        show(state.container().label().orElse("")),
        style.show(TextFormat.heldBy(state.holders())));
  }

  /// Escaped, because any writer to the topic can choose this text.
  private String show(String text) {
    return style.show(Escape.text(text));
  }
}
