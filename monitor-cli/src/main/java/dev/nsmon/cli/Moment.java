package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.ListTable;
import dev.nsmon.format.Members;
import dev.nsmon.format.NamespaceTree;
import dev.nsmon.format.Style;
import dev.nsmon.journal.LastState;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The namespaces at a time in the past, reconstructed from journalled events, for `history --at`.
/// Of a process only its name is known; `list` and `tree` show its command line.
final class Moment {
  private final LastState state;
  private final Snapshot snapshot;
  private final Map<String, List<Task>> members;

  Moment(LastState state, Instant at) {
    this.state = state;
    this.snapshot = state.state().snapshot(at);
    this.members = Members.of(snapshot);
  }

  /// Prints a table, or one JSON record a line.
  ///
  /// @return the exit code
  int list(EventFilter wanted, OutputChoice choice, Style style) throws IOException {
    List<Namespace> namespaces =
        snapshot.namespaces().stream()
            .filter(one -> wanted.types().isEmpty() || wanted.types().contains(one.type()))
            .filter(one -> wanted.pids().isEmpty() || isInhabited(one, wanted.pids()))
            .filter(one -> wanted.namespaces().isEmpty() || isNamed(one, wanted.namespaces()))
            .sorted(Comparator.comparingLong(Namespace::inode))
            .toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    switch (choice) {
      case JSON ->
          new JsonFormat(state.host(), "")
              .writeNamespaces(snapshot, namespaces, knownMembers(), out);
      case TEXT ->
          Output.add(
              new ListTable(
                      style,
                      Terminal.width(),
                      task -> Users.name(task.info().uid()),
                      task -> task.info().comm())
                  .lines(snapshot, namespaces, knownMembers()),
              out);
    }
    return Output.write(out);
  }

  /// Prints a tree of one type.
  ///
  /// @param types one type, or empty for pid namespaces
  /// @return the exit code
  int tree(Set<NamespaceType> types, Style style) {
    NamespaceType type = types.isEmpty() ? NamespaceType.PID : types.iterator().next();
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    Output.add(
        new NamespaceTree(style, type, knownMembers(), task -> task.info().comm())
            .lines(snapshot, Terminal.width()),
        out);
    return Output.write(out);
  }

  private boolean isInhabited(Namespace namespace, Set<Integer> pids) {
    return members.getOrDefault(namespace.key(), List.of()).stream()
        .anyMatch(task -> pids.contains(task.pid()));
  }

  private static boolean isNamed(Namespace namespace, Set<String> names) {
    return names.contains(namespace.name()) || names.contains(namespace.key());
  }

  /// The members by namespace key. Initial namespaces are left out if their members were not
  /// recorded: the few that are known would be taken for all.
  private Map<String, List<Task>> knownMembers() {
    if (state.initial()) {
      return members;
    }
    Map<String, List<Task>> known = new HashMap<>(members);
    for (Namespace namespace : snapshot.namespaces()) {
      if (namespace.initial()) {
        known.remove(namespace.key());
      }
    }
    return known;
  }
}
