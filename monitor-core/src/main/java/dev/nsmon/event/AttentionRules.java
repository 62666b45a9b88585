package dev.nsmon.event;

import dev.nsmon.container.Container;
import dev.nsmon.event.Attention.Whose;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Detection rules: marks each join by which a process in a container leaves a namespace that is
/// not the host's for
///
/// - one of the host's: `joined-host-TYPE-namespace`;
/// - one of another container: `joined-other-container-TYPE-namespace`.
///
/// A process is in a container if its control group names one, or if its pid or user namespace is
/// not the host's. In the second case the container is identified by that pid or user namespace.
/// Runtimes assign the control group late. A process in a container's mount namespace therefore
/// counts too. A daemon of the host that visits a network namespace and returns is in no container.
///
/// These joins are not marked:
/// - forks;
/// - moves into a namespace that the process has just created;
/// - moves into a container that was created within the process's own one;
/// - joins of [KnownGood] programs.
///
/// The class also adds the container to events of a process that has entered one but is not, or not
/// yet, in its control group. That container is the owner of the process's mount or pid namespace.
/// For the rules themselves, the process's own control group comes first.
///
/// It keeps state, which it learns from the events. One thread, except for [#trust].
public final class AttentionRules {
  private final Homes homes = new Homes();
  private volatile KnownGood knownGood;

  public AttentionRules(KnownGood knownGood) {
    this.knownGood = knownGood;
  }

  /// Replaces the trusted programs, from the next event on. Any thread.
  public void trust(KnownGood programs) {
    knownGood = programs;
  }

  /// Learns the state of the host that an earlier run has reported.
  public void learn(Snapshot state) {
    state.namespaces().forEach(homes::created);
    learn(state.tasks());
  }

  /// Learns that these processes live in their namespaces and have not joined them from elsewhere.
  public void learn(List<Task> tasks) {
    for (Task task : tasks) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link)) {
          homes.inhabited(task.namespaces().get(link), task);
        }
      }
    }
  }

  /// Returns the events with marks and containers added; the same list if nothing changes.
  public List<NamespaceEvent> mark(List<NamespaceEvent> events) {
    List<NamespaceEvent> marked = null;
    Set<Namespace> made = Set.of();
    for (int i = 0; i < events.size(); i++) {
      NamespaceEvent event = events.get(i);
      NamespaceEvent told = event;
      switch (event) {
        case Created created -> {
          made = made.isEmpty() ? new HashSet<>() : made;
          made.add(created.namespace());
          homes.created(created.namespace());
        }
        case Joined joined -> {
          List<Attention> attention = attention(joined, made);
          told = attention.isEmpty() ? joined : joined.with(attention);
          learn(joined, made);
        }
        default -> {}
      }
      told = inContainer(told);
      if (event instanceof Destroyed destroyed) {
        homes.destroyed(destroyed.namespace());
      }
      if (told != event) {
        marked = marked == null ? new ArrayList<>(events) : marked;
        marked.set(i, told);
      }
    }
    return marked == null ? events : marked;
  }

  /// Adds the container that the process's mount or pid namespace belongs to, if its control group
  /// names none.
  private NamespaceEvent inContainer(NamespaceEvent event) {
    Optional<Task> task =
        event
            .task()
            .filter(one -> !one.namespaces().isInitial())
            .filter(one -> Container.ofCgroup(one.info().cgroup()).id().isEmpty());
    return task.flatMap(one -> home(one, NamespaceType.MNT).or(() -> home(one, NamespaceType.PID)))
        .map(home -> event.with(task.get().with(task.get().info().withCgroup(home.cgroup()))))
        .orElse(event);
  }

  private Optional<Home> home(Task task, NamespaceType type) {
    return Home.place(task.namespaces(), type).flatMap(homes::of).filter(Home::isNamed);
  }

  private void learn(Joined joined, Set<Namespace> made) {
    for (Place place : joined.namespaces()) {
      if (place.from().isEmpty() || isOwn(joined, place, made)) {
        homes.inhabited(place.namespace(), joined.process());
      }
    }
  }

  /// True if the process has created the namespace itself.
  private static boolean isOwn(Joined joined, Place place, Set<Namespace> made) {
    return joined.cause().equals(Optional.of(Cause.UNSHARE))
        || (joined.cause().isEmpty() && made.contains(place.namespace()));
  }

  private List<Attention> attention(Joined joined, Set<Namespace> made) {
    List<Attention> attention = new ArrayList<>(0);
    if (joined.cause().equals(Optional.of(Cause.FORK))) {
      return attention;
    }
    Optional<Home> actor = Optional.empty();
    for (Place place : joined.namespaces()) {
      if (place.from().isEmpty() || place.from().get().initial() || isOwn(joined, place, made)) {
        continue;
      }
      actor = actor.isPresent() ? actor : actor(joined);
      if (actor.isPresent()) {
        whose(place.namespace(), actor.get())
            .ifPresent(whose -> attention.add(new Attention(whose, place.namespace().type())));
      }
    }
    return attention.isEmpty() || knownGood.includes(joined.process()) ? List.of() : attention;
  }

  /// The container that the process was in before the join. If nothing else names it, a pid or user
  /// namespace that the process has left identifies it.
  private Optional<Home> actor(Joined joined) {
    return Home.of(joined.process())
        .or(() -> mountNamespace(joined).flatMap(homes::of).filter(Home::isNamed))
        .or(
            () ->
                joined.namespaces().stream()
                    .flatMap(place -> place.from().stream())
                    .filter(Home::isWall)
                    .findFirst()
                    .map(wall -> new Home(wall.key(), wall.key(), "")));
  }

  /// The mount namespace that the process was in before.
  private static Optional<Namespace> mountNamespace(Joined joined) {
    return joined.namespaces().stream()
        .filter(place -> place.namespace().type() == NamespaceType.MNT)
        .flatMap(place -> place.from().stream())
        .findFirst()
        .or(() -> Home.place(joined.process().namespaces(), NamespaceType.MNT));
  }

  private Optional<Whose> whose(Namespace joined, Home actor) {
    if (joined.initial()) {
      return Optional.of(Whose.HOST);
    }
    return homes
        .of(joined)
        .filter(home -> !home.id().equals(actor.id()) && !homes.isWithin(home, actor))
        .map(_ -> Whose.OTHER_CONTAINER);
  }
}
