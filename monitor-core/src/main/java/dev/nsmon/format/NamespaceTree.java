package dev.nsmon.format;

import dev.nsmon.format.Style.Colour;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The hierarchy of namespaces of one type, with the processes in them. Pid and user namespaces are
/// below their parents, user namespaces have all that they own below them, and the other types are
/// a flat list.
///
/// ```
/// pid:[4026531836] pid:4100 68 processes, initial
/// ├─ 1 systemd
/// └─ pid:[4026532177] pid:19124 2 processes
///    ├─ 4711 (1) nginx
///    └─ 4712 (2) nginx
/// ```
public final class NamespaceTree {
  private final Style style;
  private final NamespaceType type;
  private final Map<String, List<Task>> members;
  private final Function<Task, String> command;

  /// Number of processes by key; null if [#members] are counted instead.
  private final Map<String, Integer> counts;

  /// @param command returns the command line of a process
  public NamespaceTree(
      Style style,
      NamespaceType type,
      Map<String, List<Task>> members,
      Function<Task, String> command) {
    this.style = style;
    this.type = type;
    this.members = members;
    this.command = command;
    this.counts = null;
  }

  /// A tree without the processes.
  ///
  /// @param counts number of processes in each namespace, by key
  public NamespaceTree(Style style, NamespaceType type, Map<String, Integer> counts) {
    this.style = style;
    this.type = type;
    this.members = Map.of();
    this.command = _ -> "";
    this.counts = counts;
  }

  private record Node(String text, List<Node> children) {}

  /// The lines of the tree.
  ///
  /// @param width width of the terminal in columns, at which processes are cut; 0 for no limit
  public List<String> lines(Snapshot snapshot, int width) {
    List<String> lines = new ArrayList<>();
    for (Namespace namespace : snapshot.namespaces()) {
      boolean root =
          namespace.type() == type
              && (namespace.parent().isEmpty() || find(snapshot, namespace.parent()) == null);
      if (root) {
        Node node = node(snapshot, namespace);
        lines.add(node.text());
        draw(node.children(), "", width, lines);
      }
    }
    return lines;
  }

  private static Namespace find(Snapshot snapshot, String key) {
    for (Namespace namespace : snapshot.namespaces()) {
      if (namespace.key().equals(key)) {
        return namespace;
      }
    }
    return null;
  }

  private Node node(Snapshot snapshot, Namespace namespace) {
    List<Node> children = new ArrayList<>();
    List<Task> tasks = members.getOrDefault(namespace.key(), List.of());
    for (Task task : tasks) {
      children.add(new Node(process(task, namespace), List.of()));
    }
    for (Namespace other : snapshot.namespaces()) {
      boolean owned =
          type == NamespaceType.USER
              && other.type() != NamespaceType.USER
              && other.owner().equals(namespace.key());
      if (owned) {
        children.add(new Node(heading(snapshot, other), List.of()));
      }
    }
    for (Namespace other : snapshot.namespaces()) {
      if (other.type() == type && other.parent().equals(namespace.key())) {
        children.add(node(snapshot, other));
      }
    }
    return new Node(heading(snapshot, namespace), children);
  }

  private String heading(Snapshot snapshot, Namespace namespace) {
    List<Task> tasks = members.getOrDefault(namespace.key(), List.of());
    int count = counts == null ? tasks.size() : counts.getOrDefault(namespace.key(), 0);
    boolean counted = counts != null || ListTable.isCounted(namespace, tasks);
    String heldBy = TextFormat.heldBy(snapshot.holdersOf(namespace));
    return style.paint(Colour.CYAN, namespace.name())
        + (namespace.id() < 0 ? "" : style.paint(Colour.DIM, " " + namespace.key()))
        + (counted ? " " + count + (count == 1 ? " process" : " processes") : "")
        + (namespace.initial() ? (counted ? ", initial" : " initial") : "")
        + (heldBy.isEmpty() ? "" : ", held by " + style.show(heldBy));
  }

  /// A process: the pid as nsmon sees it and, in brackets, the pid inside that pid namespace, if it
  /// is nested.
  private String process(Task task, Namespace in) {
    List<Integer> pids = task.info().nsPids();
    boolean nested = in.type() == NamespaceType.PID && pids.size() > 1;
    return task.pid()
        + (nested ? " (" + pids.getLast() + ")" : "")
        + " "
        + style.show(Escape.text(command.apply(task)))
        + (task.state() == Task.State.ZOMBIE ? " <defunct>" : "");
  }

  private void draw(List<Node> nodes, String indent, int width, List<String> lines) {
    for (int i = 0; i < nodes.size(); i++) {
      boolean last = i == nodes.size() - 1;
      String branch = style.unicode() ? (last ? "└─ " : "├─ ") : (last ? "`- " : "|- ");
      String below = last ? "   " : style.unicode() ? "│  " : "|  ";
      String line = indent + branch + nodes.get(i).text();
      boolean cut = width > 0 && line.length() > width && nodes.get(i).children().isEmpty();
      // A coloured heading contains escape sequences, which take no column.
      lines.add(cut && line.indexOf('\u001b') < 0 ? line.substring(0, width) : line);
      draw(nodes.get(i).children(), indent + below, width, lines);
    }
  }
}
