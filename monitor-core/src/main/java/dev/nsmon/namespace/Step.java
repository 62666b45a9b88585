package dev.nsmon.namespace;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One change that was seen by itself: two looks at the same few tasks, and at nothing else.
///
/// @param before the rows of these tasks before; no namespaces
/// @param after their rows after it, and of the namespaces only those that are new
/// @param exact whether the time of `after` is the kernel's own and not that of a look
/// @param cause of what tasks joined, where it is known
public record Step(Snapshot before, Snapshot after, boolean exact, Optional<Cause> cause) {

  /// A change that the kernel itself reported, or a look at a few tasks found.
  ///
  /// @param notBefore the last look that did not show it; empty if `time` is the kernel's own
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
