package dev.nsmon.format;

import dev.nsmon.format.Style.Colour;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The namespaces of a snapshot as a table, with the columns that people know from `lsns(8)`.
public final class ListTable {
  private static final List<String> HEADINGS =
      List.of("NS", "TYPE", "ID", "NPROCS", "PID", "USER", "OWNER", "HELD-BY", "COMMAND");
  private static final Set<String> RIGHT = Set.of("NS", "ID", "NPROCS", "PID");
  private static final int HELD_BY = HEADINGS.indexOf("HELD-BY");
  private static final int COMMAND = HEADINGS.indexOf("COMMAND");

  private final Style style;
  private final int width;
  private final Function<Task, String> user;
  private final Function<Task, String> command;

  /// @param width of the terminal in columns, at which lines are cut off; 0 for no limit
  /// @param user the name of a process's user
  /// @param command the command line of a process
  public ListTable(
      Style style, int width, Function<Task, String> user, Function<Task, String> command) {
    this.style = style;
    this.width = width;
    this.user = user;
    this.command = command;
  }

  /// The lines of the table, heading first.
  public List<String> lines(
      Snapshot snapshot, List<Namespace> namespaces, Map<String, List<Task>> members) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    for (Namespace namespace : namespaces) {
      List<Task> tasks = members.getOrDefault(namespace.key(), List.of());
      rows.add(row(namespace, tasks, TextFormat.heldBy(snapshot.holdersOf(namespace))));
    }
    int[] widths = new int[HEADINGS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        // What holds a namespace without processes may run into the column that is empty then.
        boolean runsOver = i == HELD_BY && row.get(COMMAND).isEmpty();
        widths[i] = Math.max(widths[i], runsOver ? 0 : row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>(rows.size());
    for (List<String> row : rows) {
      String line = line(row, widths);
      lines.add(lines.isEmpty() ? style.paint(Colour.BOLD, line) : line);
    }
    return lines;
  }

  private List<String> row(Namespace namespace, List<Task> tasks, String heldBy) {
    boolean inhabited = !tasks.isEmpty();
    return List.of(
        Long.toString(namespace.inode()),
        namespace.type().kernelName(),
        namespace.id() < 0 ? "" : Long.toUnsignedString(namespace.id()),
        Integer.toString(tasks.size()),
        inhabited ? Integer.toString(tasks.getFirst().pid()) : "",
        inhabited ? style.show(Escape.text(user.apply(tasks.getFirst()))) : "",
        namespace.owner(),
        style.show(heldBy),
        inhabited ? style.show(Escape.text(command.apply(tasks.getFirst()))) : "");
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(line.isEmpty() ? "" : " ");
      line.append(RIGHT.contains(HEADINGS.get(i)) ? padding + cell : cell + padding);
    }
    String text = line.toString().stripTrailing();
    return width > 0 && text.length() > width ? text.substring(0, width) : text;
  }
}
