package dev.nsmon.event;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.namespace.Word;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A record of the event stream: four kinds of change, two control records, and records of kinds
/// that only a newer nsmon knows.
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
      case Other other -> other.word();
    };
  }

  /// When and by which source it was observed.
  Sighting sighting();

  /// The task that the event is about, or the first or last member of the namespace that it is
  /// about; empty if there is none.
  default Optional<Task> task() {
    return switch (this) {
      case Created created -> created.process();
      case Joined joined -> Optional.of(joined.process());
      case Left left -> Optional.of(left.process());
      case Destroyed destroyed -> destroyed.process();
      case Other other -> other.process();
      case Synced _, EventsLost _ -> Optional.empty();
    };
  }

  /// A copy with this task in place of its [#task], which must be present.
  default NamespaceEvent with(Task other) {
    return switch (this) {
      case Created(var sighting, var namespace, _, var holders) ->
          new Created(sighting, namespace, Optional.of(other), holders);
      case Joined(var sighting, _, var namespaces, var cause, var attention) ->
          new Joined(sighting, other, namespaces, cause, attention);
      case Left(var sighting, _, var namespaces) -> new Left(sighting, other, namespaces);
      case Destroyed(var sighting, var namespace, var lifetime, var evidence, _) ->
          new Destroyed(sighting, namespace, lifetime, evidence, Optional.of(other));
      case Synced _, EventsLost _, Other _ ->
          throw new IllegalStateException("not of a record of this kind");
    };
  }

  /// When and by which source something was observed.
  ///
  /// @param time the kernel's time for an exact event of a push source; else the event happened at
  ///   or before this time
  /// @param notBefore the last observation that did not show it yet; empty at the baseline, and if
  ///   `time` is the kernel's
  /// @param source the source that observed it
  /// @param earlierBoot id of the event's boot, if it is not the current one. Keys and pids are
  ///   unique within a boot only.
  record Sighting(
      Instant time, Optional<Instant> notBefore, Source source, Optional<String> earlierBoot) {

    /// An observation in the current boot.
    public Sighting(Instant time, Optional<Instant> notBefore, Source source) {
      this(time, notBefore, source, Optional.empty());
    }
  }

  /// A namespace exists that did not exist before.
  ///
  /// @param process first known member, if there is one
  /// @param holders its known holders besides members
  record Created(
      Sighting sighting, Namespace namespace, Optional<Task> process, List<Holder> holders)
      implements NamespaceEvent {}

  /// A task is in namespaces that it was not in before.
  ///
  /// @param namespaces in the order of the types: those that are not initial, and those it moved to
  /// @param cause the system call, if known
  /// @param attention why it deserves attention; usually empty
  record Joined(
      Sighting sighting,
      Task process,
      List<Place> namespaces,
      Optional<Cause> cause,
      List<Attention> attention)
      implements NamespaceEvent {

    /// A join that does not deserve attention.
    public Joined(Sighting sighting, Task process, List<Place> namespaces, Optional<Cause> cause) {
      this(sighting, process, namespaces, cause, List.of());
    }

    /// A copy with these reasons for attention.
    Joined with(List<Attention> reasons) {
      return new Joined(sighting, process, namespaces, cause, reasons);
    }
  }

  /// A task has exited.
  ///
  /// @param namespaces those it was in, in the order of the types
  record Left(Sighting sighting, Task process, List<Namespace> namespaces)
      implements NamespaceEvent {}

  /// A namespace has ended.
  ///
  /// @param lifetimeMillis from the observation that first showed it to the one that showed its
  ///   end. Empty if the monitor's first scan already showed it.
  /// @param process its last known member
  record Destroyed(
      Sighting sighting,
      Namespace namespace,
      OptionalLong lifetimeMillis,
      Evidence evidence,
      Optional<Task> process)
      implements NamespaceEvent {}

  /// The baseline is complete: all later events are changes.
  ///
  /// @param namespaces number of namespaces by type
  /// @param processes number of processes
  /// @param unreadable number of processes whose namespaces the kernel denied access to
  record Synced(
      Sighting sighting, Map<NamespaceType, Integer> namespaces, int processes, int unreadable)
      implements NamespaceEvent {}

  /// Something was lost.
  ///
  /// @param where where it was lost
  /// @param first first missing sequence number, if the log lost it
  /// @param last last missing sequence number, if the log lost it
  /// @param count how many records, or if [Where#countsNamespaces] how many namespaces; empty if
  ///   unknown
  record EventsLost(
      Sighting sighting, Where where, OptionalLong first, OptionalLong last, OptionalLong count)
      implements NamespaceEvent {

    /// Where something was lost. The list is open: see [Word].
    public static final class Where extends Word {
      /// Records of the kernel were lost before the monitor received them. A full scan follows.
      public static final Where KERNEL = new Where("kernel");

      /// Namespaces began and ended between two scans and were not observed.
      public static final Where POLL = new Where("poll");

      /// The reader lagged so far behind that the log no longer had its next events.
      public static final Where LOG = new Where("log");

      /// Namespaces began and ended while no monitor ran.
      public static final Where RESTART = new Where("restart");

      private static final Where[] KNOWN = {KERNEL, POLL, LOG, RESTART};

      private Where(String text) {
        super(text);
      }

      /// True if the count is a number of unobserved namespaces, false if a number of events.
      public boolean countsNamespaces() {
        return equals(POLL) || equals(RESTART);
      }

      /// The words that this version knows.
      public static Where[] values() {
        return KNOWN.clone();
      }

      /// The word with this text, known or not.
      public static Where of(String text) {
        Where known = among(KNOWN, text);
        return known == null ? new Where(text) : known;
      }
    }
  }

  /// A record of an unknown kind, or about something unknown, such as another type of namespace. It
  /// is passed on as it came.
  ///
  /// @param word its kind
  /// @param process the task in its usual field, if present
  /// @param namespaces the namespaces in their usual fields
  /// @param json the whole record as it came, as one line without line end
  record Other(
      Sighting sighting, Kind word, Optional<Task> process, List<Namespace> namespaces, String json)
      implements NamespaceEvent {}

  /// A namespace that a task is now a member of.
  ///
  /// @param from the one of the same type that it left; empty if it has just begun or none is known
  record Place(Namespace namespace, Optional<Namespace> from) {}
}
