package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.StatedNamespace.Member;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The state of a host, built from its events. Pure: no clock, no I/O. Used by one thread at a
/// time.
///
/// After a loss an event may contradict the state. The event then wins: a namespace that is created
/// twice is replaced, and an unknown one that a join names is added. An unknown task or namespace
/// that leaves or is destroyed is ignored.
///
/// A type that no event gives for a task stands for the initial namespace of that type, if that is
/// known.
public final class HostState {
  private final boolean includeInitial;

  /// By key, in the order in which they were first named.
  private final Map<String, StatedNamespace> namespaces = new LinkedHashMap<>();

  private final Map<Long, Member> tasks = new HashMap<>();

  /// By type: the initial namespace; null where unknown.
  private final StatedNamespace[] initial = new StatedNamespace[NamespaceLink.MEMBERSHIPS];

  /// The time of the last event.
  private Instant time = Instant.EPOCH;

  private int highestGeneration;

  /// The empty state.
  ///
  /// @param includeInitial true to keep tasks that are in initial namespaces only
  public HostState(boolean includeInitial) {
    this.includeInitial = includeInitial;
  }

  /// The state of a reader that has received all events up to this snapshot.
  public static HostState of(Snapshot look, boolean includeInitial) {
    HostState state = new HostState(includeInitial);
    state.time = look.time();
    for (Namespace namespace : look.namespaces()) {
      state.create(namespace, look.holdersOf(namespace));
    }
    List<Namespace> in = new ArrayList<>(NamespaceLink.MEMBERSHIPS);
    for (Task task : look.tasks()) {
      in.clear();
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        // A zombie's row may still name namespaces that have ended.
        if (task.namespaces().knows(link)
            && state.namespaces.containsKey(task.namespaces().get(link).key())) {
          in.add(task.namespaces().get(link));
        }
      }
      state.put(task, in);
    }
    return state;
  }

  /// Applies one event.
  public void apply(NamespaceEvent event) {
    time = event.sighting().time();
    switch (event) {
      case Created created -> create(created.namespace(), created.holders());
      case Joined joined -> {
        List<Namespace> in = new ArrayList<>(joined.namespaces().size());
        for (Place place : joined.namespaces()) {
          place.from().ifPresent(this::noteGeneration);
          in.add(place.namespace());
        }
        put(joined.process(), in);
      }
      case Left left -> {
        Member gone = tasks.remove(Member.id(left.process()));
        if (gone != null) {
          gone.leaveAll();
        }
      }
      case Destroyed destroyed -> destroy(destroyed.namespace());
      case Synced _, EventsLost _, Other _ -> {}
    }
  }

  private void create(Namespace namespace, List<Holder> holders) {
    noteGeneration(namespace);
    StatedNamespace stated =
        namespaces.computeIfAbsent(namespace.key(), _ -> new StatedNamespace());
    stated.namespace = namespace;
    stated.holders = holders;
    noteInitial(stated);
  }

  private StatedNamespace named(Namespace namespace) {
    StatedNamespace stated = namespaces.get(namespace.key());
    if (stated == null) {
      create(namespace, List.of());
      return namespaces.get(namespace.key());
    }
    stated.learn(namespace);
    noteInitial(stated);
    return stated;
  }

  private void noteInitial(StatedNamespace stated) {
    int type = stated.namespace.type().ordinal();
    if (stated.namespace.initial()) {
      initial[type] = stated;
    } else if (initial[type] == stated) {
      initial[type] = null;
    }
  }

  private void put(Task task, List<Namespace> in) {
    Member member = new Member(task);
    for (Namespace namespace : in) {
      StatedNamespace stated = named(namespace);
      if (includeInitial || !stated.namespace.initial()) {
        member.in[namespace.type().ordinal()] = stated;
      }
    }
    Member before = tasks.remove(member.id());
    if (before != null) {
      before.leaveAll();
    }
    if (member.isAnywhere()) {
      tasks.put(member.id(), member);
      member.enterAll();
    }
  }

  private void destroy(Namespace namespace) {
    StatedNamespace gone = namespaces.remove(namespace.key());
    if (gone == null) {
      return;
    }
    int type = gone.namespace.type().ordinal();
    if (initial[type] == gone) {
      initial[type] = null;
    }
    // It has no members any more, even if events still say so.
    for (Member member : gone.members) {
      member.in[type] = null;
      if (!member.isAnywhere()) {
        tasks.remove(member.id());
      }
    }
  }

  /// The state as a snapshot with this time. Its report is empty, because events do not say which
  /// processes were readable.
  public Snapshot snapshot(Instant at) {
    Map<String, List<Holder>> holders = new HashMap<>();
    List<Namespace> all = new ArrayList<>(namespaces.size());
    for (StatedNamespace stated : StatedNamespace.parentsFirst(namespaces)) {
      all.add(stated.namespace);
      if (!stated.holders.isEmpty()) {
        holders.put(stated.namespace.key(), stated.holders);
      }
    }
    return new Snapshot(at, rows(tasks.values()), all, holders, List.of(), Snapshot.EMPTY.report());
  }

  /// The keys of all known namespaces, as they are now.
  public Set<String> keys() {
    return Set.copyOf(namespaces.keySet());
  }

  /// The namespace with this key; empty if unknown.
  public Optional<Namespace> namespace(String key) {
    return Optional.ofNullable(namespaces.get(key)).map(stated -> stated.namespace);
  }

  /// The known holders of the namespace with this key, besides its members.
  public List<Holder> holders(String key) {
    StatedNamespace stated = namespaces.get(key);
    return stated == null ? List.of() : stated.holders;
  }

  /// The tasks in the namespace with this key, in the order of [Task#compareRow].
  public List<Task> members(String key) {
    StatedNamespace stated = namespaces.get(key);
    if (stated == null) {
      return List.of();
    }
    int type = stated.namespace.type().ordinal();
    if (initial[type] != stated) {
      return rows(stated.members);
    }
    List<Member> in = new ArrayList<>(stated.members);
    for (Member task : tasks.values()) {
      if (task.in[type] == null) {
        in.add(task);
      }
    }
    return rows(in);
  }

  /// Events from which an empty state becomes this one, with source `baseline` where no creation
  /// time is known.
  public List<NamespaceEvent> events() {
    Sighting before = new Sighting(time, Optional.empty(), Source.BASELINE);
    List<NamespaceEvent> events = new ArrayList<>(namespaces.size() + tasks.size());
    for (StatedNamespace stated : StatedNamespace.parentsFirst(namespaces)) {
      Optional<Task> first = rows(stated.members).stream().findFirst();
      events.add(new Created(stated.seen(before), stated.namespace, first, stated.holders));
    }
    for (Task task : rows(tasks.values())) {
      List<Place> places = tasks.get(Member.id(task)).places();
      events.add(new Joined(before, task, places, Optional.empty()));
    }
    return events;
  }

  private List<Task> rows(Collection<Member> of) {
    return Member.rows(of, initial);
  }

  /// The highest generation in the keys of all namespaces that were ever named: 2 for
  /// `net:4026532177.2`; 0 if there was none.
  public int highestGeneration() {
    return highestGeneration;
  }

  private void noteGeneration(Namespace named) {
    highestGeneration = Math.max(highestGeneration, StatedNamespace.generation(named.key()));
  }

  /// Forgets everything.
  public void clear() {
    namespaces.clear();
    tasks.clear();
    Arrays.fill(initial, null);
    time = Instant.EPOCH;
    highestGeneration = 0;
  }
}
