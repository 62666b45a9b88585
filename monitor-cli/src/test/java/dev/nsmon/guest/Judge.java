package dev.nsmon.guest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compares what nsmon has reported with what was true, one case at a time.
///
/// Times are compared with when a line came, not with the time in it: the clocks of an emulated
/// machine's CPUs differ by tens of milliseconds.
final class Judge {
  private final Reports reports;
  private final Claims claims;
  private final Case one;
  private final List<String> faults = new ArrayList<>();

  private Judge(Case one, Claims claims, Reports reports) {
    this.one = one;
    this.claims = claims;
    this.reports = reports;
  }

  /// What is wrong about a case, in words; empty where nothing is.
  static List<String> faults(Case one, Claims claims, Reports reports) {
    Judge judge = new Judge(one, claims, reports);
    one.all(Fact.Failed.class).forEach(failed -> judge.faults.add("not done: " + failed.why()));
    one.all(Fact.Made.class).forEach(judge::made);
    judge.lives();
    one.all(Fact.Lost.class).forEach(judge::lost);
    one.all(Fact.Ended.class)
        .filter(ended -> ended.code() != 143)
        .forEach(ended -> judge.faults.add("exit status " + ended.code() + ", not 143"));
    return judge.faults;
  }

  private void made(Fact.Made made) {
    List<Report> joins = claims.joins(made);
    Subject subject = subject(made.type(), "[" + made.inode() + "] of " + made.member(), joins);
    if (subject == null) {
      return;
    }
    Report joined = joins.getFirst();
    String id = joined.namespaces().get(made.type()).path("id").asText();
    if (made.id() != 0 && !id.isEmpty() && !id.equals(Long.toUnsignedString(made.id()))) {
      faults.add(subject + " has the id " + made.id() + ", not as in " + joined);
    }
    cause(joined, made.cause());
    inOrder(subject.once("namespace-created"), joined);
    Set<Integer> members = new HashSet<>(Set.of(made.member()));
    one.all(Fact.Joined.class)
        .filter(other -> other.type().equals(made.type()) && other.inode() == made.inode())
        .forEach(
            other -> {
              members.add(other.member());
              Report join = subject.join(other.member());
              if (join != null) {
                cause(join, other.cause());
                inOrder(joined, join);
              }
            });
    subject.onlyOf(members);
    end(subject, made, members);
  }

  private void end(Subject subject, Fact.Made made, Set<Integer> members) {
    Optional<Fact.Released> released =
        one.all(Fact.Released.class)
            .filter(fact -> fact.type().equals(made.type()) && fact.inode() == made.inode())
            .findFirst();
    List<Report> ends = reports.about(subject.key, "namespace-destroyed");
    if (released.isEmpty()) {
      ends.forEach(end -> faults.add(subject + " lives on: " + end));
      return;
    }
    long from = released.get().micros();
    ends.stream()
        .filter(end -> end.micros() < from)
        .map(
            end ->
                "%s was held for another %d ms: %s"
                    .formatted(subject, (from - end.micros()) / 1000, end))
        .forEach(faults::add);
    Report destroyed = subject.once("namespace-destroyed");
    one.all(Fact.Left.class)
        .filter(left -> members.contains(left.member()))
        .forEach(
            left -> {
              if (isLast(subject.key, made.type(), left.member())) {
                inOrder(subject.once("process-left", left.member()), destroyed);
              }
            });
  }

  /// Whether it is this one of its type that the member was in at its end.
  private boolean isLast(String key, String type, int member) {
    List<Report> joins = reports.joins(type, member);
    return joins.isEmpty() || joins.getLast().key(type).equals(key);
  }

  /// Many lives have the same fault: the first shows it.
  private void lives() {
    List<Fact.Life> lives = one.all(Fact.Life.class).toList();
    List<List<String>> wrong =
        lives.stream().map(this::life).filter(found -> !found.isEmpty()).toList();
    if (!wrong.isEmpty()) {
      faults.add(
          "%d of %d lives are wrong, such as: %s"
              .formatted(wrong.size(), lives.size(), String.join("; ", wrong.getFirst())));
    }
  }

  private List<String> life(Fact.Life life) {
    Judge judge = new Judge(one, claims, reports);
    List<Report> joins = claims.joins(life);
    Subject subject = judge.subject(life.type(), " of " + life.member(), joins);
    if (subject != null) {
      Report left = subject.once("process-left", life.member());
      judge.cause(joins.getFirst(), life.cause());
      judge.inOrder(subject.once("namespace-created"), joins.getFirst());
      judge.inOrder(joins.getFirst(), left);
      judge.inOrder(left, subject.once("namespace-destroyed"));
      subject.onlyOf(Set.of(life.member()));
    }
    return judge.faults;
  }

  private void lost(Fact.Lost lost) {
    List<Report> found =
        reports.all().stream()
            .filter(report -> report.is("events-lost") && report.micros() >= lost.micros())
            .toList();
    if (found.size() != 1) {
      faults.add("events-lost came " + found.size() + " times");
    }
    for (Report report : found) {
      long count = report.json().path("count").asLong();
      boolean kernel = report.json().path("where").asText().equals("kernel");
      if (!kernel || count < 1 || count > lost.most()) {
        faults.add("the kernel has not dropped this: " + report.json());
      }
    }
  }

  private void cause(Report join, String expected) {
    if (!expected.equals("any") && !join.isBaseline() && !join.cause().equals(expected)) {
      faults.add("the cause was " + expected + ", not '" + join.cause() + "' as in " + join);
    }
  }

  private void inOrder(Report before, Report after) {
    if (before != null && after != null && before.index() > after.index()) {
      faults.add(before + " came after " + after);
    }
  }

  /// Null where it can't be known which namespace of the reports is meant.
  private Subject subject(String type, String rest, List<Report> joins) {
    String name = type + ":" + rest;
    List<String> keys = joins.stream().map(join -> join.key(type)).distinct().toList();
    if (joins.size() != 1) {
      faults.add(joins.size() + " times a member was reported to join " + name + " " + keys);
    }
    if (keys.size() != 1) {
      return null;
    }
    String key = keys.getFirst();
    if (claims.namespaces(key) > 1) {
      faults.add(key + " stands for " + claims.namespaces(key) + " namespaces");
    }
    return new Subject(type, name + " (" + key + ")", key);
  }

  /// The namespace that is judged.
  private final class Subject {
    private final String type;
    private final String name;
    private final String key;

    Subject(String type, String name, String key) {
      this.type = type;
      this.name = name;
      this.key = key;
    }

    Report once(String kind) {
      return once(kind, reports.about(key, kind));
    }

    Report once(String kind, int member) {
      return once(
          kind + " of " + member,
          reports.about(key, kind).stream().filter(one -> one.member() == member).toList());
    }

    Report join(int member) {
      List<Report> joins = reports.joins(type, member);
      return once(
          "process-joined of " + member,
          joins.stream().filter(join -> join.key(type).equals(key)).toList());
    }

    private Report once(String what, List<Report> found) {
      if (found.size() != 1) {
        faults.add(what + " came " + found.size() + " times for " + name);
      }
      return found.isEmpty() ? null : found.getFirst();
    }

    /// No other process joins it, and no event of it follows its end.
    void onlyOf(Set<Integer> members) {
      boolean ended = false;
      for (Report report : reports.about(key)) {
        if (ended) {
          faults.add(name + " had ended before " + report);
        }
        ended |= report.is("namespace-destroyed");
        if (report.is("process-joined") && !members.contains(report.member())) {
          faults.add("nobody else was in " + name + ": " + report);
        }
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
