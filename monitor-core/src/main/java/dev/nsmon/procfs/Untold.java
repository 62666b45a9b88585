package dev.nsmon.procfs;

import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What has come into view and what has ended since it was taken last, for a step or a look to
/// tell.
final class Untold {
  private final List<Namespace> born = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();
  private final List<Known> deserted = new ArrayList<>();

  void born(Namespace namespace) {
    born.add(namespace);
  }

  void ended(Known known, Evidence evidence) {
    ended.add(new Ended(known.namespace, evidence, Optional.ofNullable(known.lastMember)));
    if (known.hasMembers()) {
      deserted.add(known);
    }
  }

  /// Whether there is any.
  boolean isAny() {
    return !born.isEmpty() || !ended.isEmpty();
  }

  /// What has come into view, parents and owners first.
  List<Namespace> takeBorn() {
    List<Namespace> taken = List.copyOf(born);
    born.clear();
    return taken;
  }

  /// What has ended.
  List<Ended> takeEnded() {
    List<Ended> taken = List.copyOf(ended);
    ended.clear();
    deserted.clear();
    return taken;
  }

  /// Those among what has ended that rows are still counted in, whose tasks are elsewhere or gone
  /// by now.
  List<Known> takeDeserted() {
    List<Known> taken = List.copyOf(deserted);
    deserted.clear();
    return taken;
  }
}
