package dev.nsmon.namespace;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What one look at the host found. Immutable.
///
/// @param time when the look began: what it shows was so at that time or has come about while it
///   was reading
/// @param tasks by [Task#compareRow]; rows that did not change are the instances of the look before
/// @param namespaces all that exist, every one after its parent and its owner
/// @param holders by key of the namespace, what holds it besides its members, as far as it has been
///   searched
/// @param ended what ended since the look before, children before parents
/// @param report what could be seen
public record Snapshot(
    Instant time,
    List<Task> tasks,
    List<Namespace> namespaces,
    Map<String, List<Holder>> holders,
    List<Ended> ended,
    LookReport report) {

  /// Before the first look: nothing is known.
  public static final Snapshot EMPTY =
      new Snapshot(
          Instant.EPOCH,
          List.of(),
          List.of(),
          Map.of(),
          List.of(),
          new LookReport(0, 0, 0, 0, 0, 0));

  /// What was found to hold this namespace besides processes.
  public List<Holder> holdersOf(Namespace namespace) {
    return holders.getOrDefault(namespace.key(), List.of());
  }
}
