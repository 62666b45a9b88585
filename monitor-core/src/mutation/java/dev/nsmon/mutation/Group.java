package dev.nsmon.mutation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A part of the product that is judged by itself: its classes below `dev.nsmon`, as full names or
/// as a package with `.*`. A class belongs to the first group that names it.
enum Group {
  FILTERS("event.EventFilter event.FilterValues event.KnownGood sink.FilteredSink"),
  DIFFER("event.* namespace.*"),
  DECODERS(
      "netlink.EventDecoder netlink.Drained netlink.Losses netlink.Births netlink.Pace push.*"
          + " perf.PerfDecoder perf.PerfRing perf.RingMerge perf.Sieve perf.RecentTasks"
          + " perf.PidSet perf.NamedInodes perf.CpuList perf.Pacer"),
  PARSERS(
      "procfs.Stat procfs.Status procfs.MountInfoLine procfs.NamespaceName procfs.CgroupFile"
          + " container.* format.JsonReader format.JsonLine format.JsonTree format.JsonFields"
          + " format.JsonCounts format.JsonHolder format.JsonNamespace format.JsonProcess"
          + " format.JsonRecord format.PresentReader format.StateReader"),
  LOG("log.*"),
  FORMATS("format.*");

  private static final String ROOT = "dev.nsmon.";

  private final List<String> patterns;

  Group(String patterns) {
    this.patterns = List.of(patterns.split(" "));
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

  private static boolean matches(String pattern, String className) {
    String full = ROOT + pattern;
    return pattern.endsWith(".*")
        ? className.startsWith(full.substring(0, full.length() - 1))
        : className.equals(full) || className.startsWith(full + "$");
  }
}
