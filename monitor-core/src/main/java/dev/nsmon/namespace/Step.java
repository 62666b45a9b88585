package dev.nsmon.namespace;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One change that was observed by itself: two snapshots of the same few tasks, and of nothing
/// else.
///
/// @param before the rows of these tasks before the change; no namespaces
/// @param after their rows after it; of the namespaces only the new ones
/// @param exact true if the time of `after` is the kernel's, false if it is that of a read of
///   `/proc`
/// @param cause the system call by which tasks joined, if known
public record Step(Snapshot before, Snapshot after, boolean exact, Optional<Cause> cause) {

  /// Creates a step from a kernel record, or from reading a few tasks in `/proc`.
  ///
  /// @param notBefore the last observation that did not show the change; empty if `time` is the
  ///   kernel's
  public static Step of(
      Optional<Instant> notBefore,
      Instant time,
      List<Task> before,
      List<Task> after,
      List<Namespace> created,
      Map<String, List<Holder>> holders,
      List<Ended> ended,
      Optional<Cause> cause) {
    LookReport none = Snapshot.EMPTY.report();
    return new Step(
        new Snapshot(notBefore.orElse(time), before, List.of(), Map.of(), List.of(), none),
        new Snapshot(time, after, created, holders, ended, none),
        notBefore.isEmpty(),
        cause);
  }
}
