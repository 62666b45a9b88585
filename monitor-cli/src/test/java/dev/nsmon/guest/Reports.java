package dev.nsmon.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All that nsmon has reported in a guest, in order.
final class Reports {
  private final List<Report> all;
  private final Map<String, List<Report>> byKey = new HashMap<>();

  /// What a member has joined, by type and member, such as `net 4711`. A report of a join repeats
  /// what the process was in before. Who holds a new namespace without being in it counts as its
  /// member.
  private final Map<String, List<Report>> joins = new HashMap<>();

  Reports(List<Report> all) {
    this.all = List.copyOf(all);
    for (Report one : all) {
      one.namespaces()
          .forEach(
              (type, namespace) -> {
                add(byKey, namespace.get("key").asText(), one);
                if (one.is("process-joined") && !isIn(type, one)) {
                  add(joins, type + " " + one.member(), one);
                }
                if (one.is("namespace-created")) {
                  one.holders().forEach(holder -> add(joins, type + " " + holder, one));
                }
              });
    }
  }

  private static void add(Map<String, List<Report>> to, String name, Report one) {
    to.computeIfAbsent(name, _ -> new ArrayList<>()).add(one);
  }

  private boolean isIn(String type, Report join) {
    List<Report> before = joins(type, join.member());
    return !before.isEmpty() && before.getLast().key(type).equals(join.key(type));
  }

  List<Report> all() {
    return all;
  }

  /// All about the namespace of this key.
  List<Report> about(String key) {
    return byKey.getOrDefault(key, List.of());
  }

  /// All of a kind about the namespace of this key.
  List<Report> about(String key, String kind) {
    return about(key).stream().filter(one -> one.is(kind)).toList();
  }

  /// What this member has joined of this type.
  List<Report> joins(String type, int member) {
    return joins.getOrDefault(type + " " + member, List.of());
  }
}
