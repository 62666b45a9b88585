package dev.nsmon.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Judges what the tests made of all mutants: group by group, and beside the accepted ones.
///
/// @param table what is printed: a line for each group
/// @param survivors a line for each mutant that survived and is not accepted
/// @param failures why the run fails; empty if it does not
record Verdict(List<String> table, List<String> survivors, List<String> failures) {
  /// Of the mutants of a group that are not accepted, at least this share is killed, in percent.
  private static final int LEAST = 85;

  static Verdict of(List<Group> groups, List<Mutant> mutants, List<Accepted> accepted) {
    Verdict verdict = new Verdict(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    verdict.table.add(
        "%-9s %8s %8s %10s %9s %9s %7s"
            .formatted("group", "mutants", "killed", "timed out", "accepted", "survived", "share"));
    for (Group group : groups) {
      verdict.judge(group, of(group, mutants), accepted);
    }
    accepted.stream()
        .filter(one -> isOf(one, groups))
        .filter(one -> mutants.stream().noneMatch(one::covers))
        .forEach(one -> verdict.failures.add("accepted, but there is no such survivor: " + one));
    return verdict;
  }

  private static List<Mutant> of(Group group, List<Mutant> mutants) {
    return mutants.stream()
        .filter(mutant -> Group.of(mutant.className()).filter(group::equals).isPresent())
        .toList();
  }

  private static boolean isOf(Accepted one, List<Group> groups) {
    return Group.of("dev.nsmon." + one.className())
        .filter(group -> !groups.contains(group))
        .isEmpty();
  }

  private void judge(Group group, List<Mutant> all, List<Accepted> accepted) {
    group
        .unmatched(all.stream().map(Mutant::className).distinct().toList())
        .forEach(name -> failures.add(group + ": there is no mutant of " + name));
    all.stream()
        .filter(Mutant::isUnjudged)
        .forEach(one -> failures.add(group + ": " + one.status() + ": " + Accepted.line(one)));
    List<Mutant> judged = all.stream().filter(one -> !one.isVoid()).toList();
    List<Mutant> left =
        judged.stream()
            .filter(one -> !one.isKilled())
            .filter(one -> accepted.stream().noneMatch(accept -> accept.covers(one)))
            .toList();
    long killed = judged.stream().filter(Mutant::isKilled).count();
    long share = killed == 0 ? 0 : killed * 100 / (killed + left.size());
    table.add(
        "%-9s %8d %8d %10d %9d %9d %5d %%"
            .formatted(
                name(group),
                judged.size(),
                killed,
                judged.stream().filter(one -> one.status().equals("TIMED_OUT")).count(),
                judged.size() - killed - left.size(),
                left.size(),
                share));
    left.forEach(
        one -> survivors.add(Accepted.line(one) + "    # " + one.line() + ": " + one.change()));
    if (share < LEAST) {
      failures.add("%s: %d %% killed, and %d %% are demanded".formatted(name(group), share, LEAST));
    }
  }

  private static String name(Group group) {
    return group.toString().toLowerCase(java.util.Locale.ROOT);
  }

  /// All that is printed.
  Stream<String> lines() {
    return Stream.concat(table.stream(), failures.stream());
  }
}
