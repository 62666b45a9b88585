package dev.nsmon.mutation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A part of the product that is judged by itself: its classes below `dev.nsmon`, as full names or
/// as a package with `.*`. A class belongs to the first group that names it.
enum Group {
  FILTERS(
      "event.EventFilter event.FilterValues event.KnownGood sink.FilteredSink",
      "event.*Test format.EventFilterTest sink.FilteredSinkTest"),
  DIFFER("event.* namespace.*", "event.*Test namespace.*Test"),
  DECODERS(
      "netlink.EventDecoder netlink.Drained netlink.Losses netlink.Births netlink.Pace push.*"
          + " perf.PerfDecoder perf.PerfRing perf.RingMerge perf.Sieve perf.RecentTasks"
          + " perf.PidSet perf.NamedInodes perf.CpuList perf.Pacer",
      "netlink.*Test perf.*Test push.*Test"),
  PARSERS(
      "proc.Stat proc.Status proc.MountInfoLine proc.NamespaceName proc.CgroupFile"
          + " container.* format.JsonReader format.JsonLine format.JsonTree format.JsonFields"
          + " format.JsonCounts format.JsonHolder format.JsonNamespace format.JsonProcess"
          + " format.JsonRecord format.PresentReader format.StateReader",
      "proc.StatTest proc.StatusTest proc.MountInfoLineTest proc.NamespaceNameTest"
          + " proc.CgroupFileTest container.*Test format.*Test"),
  LOG("log.*", "log.*Test"),
  FORMATS("format.*", "format.*Test");

  private static final String ROOT = "dev.nsmon.";

  private final List<String> patterns;
  private final List<String> tests;

  /// @param tests what is run: tests of minutes, of other processes and of Jazzer's are no part of
  ///   it
  Group(String patterns, String tests) {
    this.patterns = List.of(patterns.split(" "));
    this.tests = List.of(tests.split(" "));
  }

  /// The group of a class, by its full name; empty if none names it.
  static Optional<Group> of(String className) {
    return Arrays.stream(values()).filter(group -> group.covers(className)).findFirst();
  }

  private boolean covers(String className) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, className));
  }

  /// The names in this group that are the name of no class in this list, so that the class was
  /// renamed or removed.
  List<String> unmatched(List<String> classNames) {
    return patterns.stream()
        .filter(pattern -> classNames.stream().noneMatch(name -> matches(pattern, name)))
        .toList();
  }

  /// The classes as PIT takes them.
  List<String> globs() {
    return patterns.stream()
        .map(ROOT::concat)
        .flatMap(name -> name.endsWith("*") ? Stream.of(name) : Stream.of(name, name + "$*"))
        .toList();
  }

  /// The tests as PIT takes them.
  List<String> tests() {
    return tests.stream().map(ROOT::concat).toList();
  }

  private static boolean matches(String pattern, String className) {
    String full = ROOT + pattern;
    return pattern.endsWith(".*")
        ? className.startsWith(full.substring(0, full.length() - 1))
        : className.equals(full) || className.startsWith(full + "$");
  }
}
