package dev.nsmon.format;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The namespaces of a snapshot as a table, with the columns of `lsns(8)`.
public final class ListTable {
  private static final List<String> HEADINGS =
      List.of("NS", "TYPE", "ID", "NPROCS", "PID", "USER", "OWNER", "HELD-BY", "COMMAND");
  private static final Set<String> RIGHT = Set.of("NS", "ID", "NPROCS", "PID");
  private static final int HELD_BY = HEADINGS.indexOf("HELD-BY");

  private final Style style;
  private final int width;
  private final Function<Task, String> user;
  private final Function<Task, String> command;

  /// @param width width of the terminal in columns, at which lines are cut; 0 for no limit
  /// @param user returns the name of a process's user
  /// @param command returns the command line of a process
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
    // HELD-BY may overflow into COMMAND, which is empty for a namespace without processes.
    return new Grid(RIGHT, HELD_BY, style, width).lines(rows);
  }

  /// True if the number of processes is known. An initial namespace without members means that
  /// members of initial namespaces were not reported.
  static boolean isCounted(Namespace namespace, List<Task> tasks) {
    return !namespace.initial() || !tasks.isEmpty();
  }

  private List<String> row(Namespace namespace, List<Task> tasks, String heldBy) {
    boolean inhabited = !tasks.isEmpty();
    return List.of(
        namespace.inode() < 0 ? "" : Long.toString(namespace.inode()),
        namespace.type().kernelName(),
        namespace.id() < 0 ? "" : Long.toUnsignedString(namespace.id()),
        isCounted(namespace, tasks) ? Integer.toString(tasks.size()) : "",
        inhabited ? Integer.toString(tasks.getFirst().pid()) : "",
        inhabited ? style.show(Escape.text(user.apply(tasks.getFirst()))) : "",
        namespace.owner(),
        style.show(heldBy),
        inhabited ? style.show(Escape.text(command.apply(tasks.getFirst()))) : "");
  }
}
