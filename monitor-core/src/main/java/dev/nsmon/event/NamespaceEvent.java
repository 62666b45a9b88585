package dev.nsmon.event;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One thing that the stream tells: four kinds of change and two control records.
public sealed interface NamespaceEvent {

  /// The name of this kind of record, such as `namespace-created`.
  default Kind kind() {
    return switch (this) {
      case Created _ -> Kind.NAMESPACE_CREATED;
      case Joined _ -> Kind.PROCESS_JOINED;
      case Left _ -> Kind.PROCESS_LEFT;
      case Destroyed _ -> Kind.NAMESPACE_DESTROYED;
      case Synced _ -> Kind.SYNCED;
      case EventsLost _ -> Kind.EVENTS_LOST;
    };
  }

  /// When and by whom it was seen.
  Sighting sighting();

  /// The task that it is about, or that was first or last seen in the namespace that it is about;
  /// empty if there is none.
  default Optional<Task> task() {
    return switch (this) {
      case Created created -> created.process();
      case Joined joined -> Optional.of(joined.process());
      case Left left -> Optional.of(left.process());
      case Destroyed destroyed -> destroyed.process();
      case Synced _, EventsLost _ -> Optional.empty();
    };
  }

  /// The same with this in place of its [#task], which it must have.
  default NamespaceEvent with(Task other) {
    return switch (this) {
      case Created(var sighting, var namespace, _, var holders) ->
          new Created(sighting, namespace, Optional.of(other), holders);
      case Joined(var sighting, _, var namespaces, var cause, var attention) ->
          new Joined(sighting, other, namespaces, cause, attention);
      case Left(var sighting, _, var namespaces) -> new Left(sighting, other, namespaces);
      case Destroyed(var sighting, var namespace, var lifetime, var evidence, _) ->
          new Destroyed(sighting, namespace, lifetime, evidence, Optional.of(other));
      case Synced _, EventsLost _ -> throw new IllegalStateException("a control record has none");
    };
  }

  /// When and by whom something was seen.
  ///
  /// @param time when it happened, as well as it is known: a look knows that it was before this
  ///   time
  /// @param notBefore the last look that did not yet show it; empty at the baseline
  /// @param source who saw it
  /// @param earlierBoot id of the boot that it is about, where that is not the present one: keys
  ///   and pids are names within it
  record Sighting(
      Instant time, Optional<Instant> notBefore, Source source, Optional<String> earlierBoot) {

    /// Of something in the present boot.
    public Sighting(Instant time, Optional<Instant> notBefore, Source source) {
      this(time, notBefore, source, Optional.empty());
    }
  }

  /// A namespace exists that did not before.
  ///
  /// @param process first member seen, if it has one
  /// @param holders what was found to hold it besides its members
  record Created(
      Sighting sighting, Namespace namespace, Optional<Task> process, List<Holder> holders)
      implements NamespaceEvent {}

  /// A task is in namespaces that it was not in before.
  ///
  /// @param namespaces by type, in the order of the types: those that are not initial, and those it
  ///   moved between
  /// @param cause by which system call, where it is known
  /// @param attention why it deserves attention; mostly empty
  record Joined(
      Sighting sighting,
      Task process,
      List<Place> namespaces,
      Optional<Cause> cause,
      List<Attention> attention)
      implements NamespaceEvent {

    /// One that deserves none.
    public Joined(Sighting sighting, Task process, List<Place> namespaces, Optional<Cause> cause) {
      this(sighting, process, namespaces, cause, List.of());
    }

    /// The same, marked.
    Joined with(List<Attention> reasons) {
      return new Joined(sighting, process, namespaces, cause, reasons);
    }
  }

  /// A task has exited.
  ///
  /// @param namespaces those it was in, in the order of the types
  record Left(Sighting sighting, Task process, List<Namespace> namespaces)
      implements NamespaceEvent {}

  /// A namespace is gone.
  ///
  /// @param lifetimeMillis from the look that first showed it to the one that showed it gone; empty
  ///   if it was older than the monitor
  /// @param process the task that was last seen in it
  record Destroyed(
      Sighting sighting,
      Namespace namespace,
      OptionalLong lifetimeMillis,
      Evidence evidence,
      Optional<Task> process)
      implements NamespaceEvent {}

  /// The baseline is complete: all that follows is change.
  ///
  /// @param namespaces how many there are of each type
  /// @param processes how many there are
  /// @param unreadable of how many of them the kernel would not show the namespaces
  record Synced(
      Sighting sighting, Map<NamespaceType, Integer> namespaces, int processes, int unreadable)
      implements NamespaceEvent {}

  /// Something was missed.
  ///
  /// @param where who lost it
  /// @param first first sequence number that is missing, where it was the log
  /// @param last last sequence number that is missing, where it was the log
  /// @param count how many records, if that is known
  record EventsLost(
      Sighting sighting, Where where, OptionalLong first, OptionalLong last, OptionalLong count)
      implements NamespaceEvent {

    /// Who lost it.
    public enum Where {
      /// The kernel had no room to report it; what came of it is found by the next look.
      KERNEL("kernel"),
      /// So many namespaces began and ended between two looks, where nothing else reports them.
      POLL("poll"),
      /// The reader was slower than the log is long.
      LOG("log");

      private final String text;

      Where(String text) {
        this.text = text;
      }

      @Override
      public String toString() {
        return text;
      }
    }
  }

  /// A namespace that a task is now in.
  ///
  /// @param from where it was before; empty if it was nowhere, having just begun
  record Place(Namespace namespace, Optional<Namespace> from) {}
}
