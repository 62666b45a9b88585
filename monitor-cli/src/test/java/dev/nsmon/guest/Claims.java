package dev.nsmon.guest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Under which keys nsmon has reported the namespaces of the cases, and who was in them.
///
/// A namespace and its reports are matched by the pid of its member, since a guest uses none twice.
final class Claims {
  private final Reports reports;
  private final Map<String, Integer> namespacesByKey = new HashMap<>();
  private final Set<Integer> members = new HashSet<>();

  Claims(List<Case> cases, Reports reports) {
    this.reports = reports;
    for (Case one : cases) {
      for (Fact fact : one.facts()) {
        switch (fact) {
          case Fact.Made made -> claim(made.type(), made.member(), joins(made));
          case Fact.Life life -> claim(life.type(), life.member(), joins(life));
          case Fact.Joined joined -> members.add(joined.member());
          default -> {}
        }
      }
    }
  }

  private void claim(String type, int member, List<Report> joins) {
    members.add(member);
    joins.stream()
        .map(join -> join.key(type))
        .distinct()
        .forEach(key -> namespacesByKey.merge(key, 1, Integer::sum));
  }

  /// How its member is reported to have joined it. One process may be the first member of several
  /// of a type, one after the other.
  List<Report> joins(Fact.Made made) {
    return reports.joins(made.type(), made.member()).stream()
        .filter(join -> join.namespaces().get(made.type()).get("inode").asLong() == made.inode())
        .toList();
  }

  List<Report> joins(Fact.Life life) {
    return reports.joins(life.type(), life.member());
  }

  /// How many namespaces of the cases are reported under this key.
  int namespaces(String key) {
    return namespacesByKey.getOrDefault(key, 0);
  }

  boolean isMember(int pid) {
    return members.contains(pid);
  }
}
