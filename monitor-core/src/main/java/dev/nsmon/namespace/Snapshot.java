package dev.nsmon.namespace;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The result of one scan of the host. Immutable.
///
/// @param time when the scan began: its content was true then or became true while it was reading
/// @param tasks in the order of [Task#compareRow]; unchanged rows are the instances of the previous
///   scan
/// @param namespaces all that exist, each after its parent and its owner
/// @param holders by key of the namespace, its holders besides its members, as far as searched
/// @param ended what has ended since the previous scan, children before parents
/// @param report what could be read
public record Snapshot(
    Instant time,
    List<Task> tasks,
    List<Namespace> namespaces,
    Map<String, List<Holder>> holders,
    List<Ended> ended,
    LookReport report) {

  /// The snapshot before the first scan: nothing is known.
  public static final Snapshot EMPTY =
      new Snapshot(
          Instant.EPOCH,
          List.of(),
          List.of(),
          Map.of(),
          List.of(),
          new LookReport(0, 0, 0, 0, 0, 0));

  /// The known holders of this namespace besides its members.
  public List<Holder> holdersOf(Namespace namespace) {
    return holders.getOrDefault(namespace.key(), List.of());
  }
}
