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

/// Marks the joins that deserve attention: of a process in a container that leaves a namespace
/// which is not the host's for
///
/// - one of the host's: `joined-host-TYPE-namespace`;
/// - one that is another container's: `joined-other-container-TYPE-namespace`.
///
/// In a container is a process whose control group names one, or whose pid or user namespace is not
/// the host's; it is that container's, or else of the container that is made up by this pid or user
/// namespace. Runtimes move a process into its control group late, so that one whose mount
/// namespace is a container's counts too. A daemon of the host that visits a network namespace and
/// comes back is in none.
///
/// Nothing to mark are a fork, a namespace just made, a container's way into one that was made
/// within it, and what [KnownGood] programs do.
///
/// It also names the container of who enters one and has not been moved into its control group yet,
/// or never will be: that whose mount or pid namespace it is in. Where a process comes from is
/// judged by its own control group nevertheless.
///
/// Has a state, which is learnt from the events themselves. One thread, but for [#trust].
public final class AttentionRules {
  private final Homes homes = new Homes();
  private volatile KnownGood knownGood;

  public AttentionRules(KnownGood knownGood) {
    this.knownGood = knownGood;
  }

  /// Trusts these instead, from the next event on. Any thread.
  public void trust(KnownGood programs) {
    knownGood = programs;
  }

  /// Learns what there is and has been told by an earlier run.
  public void learn(Snapshot state) {
    state.namespaces().forEach(homes::created);
    learn(state.tasks());
  }

  /// Learns of these processes that they live where they are: none has come from elsewhere.
  public void learn(List<Task> tasks) {
    for (Task task : tasks) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link)) {
          homes.inhabited(task.namespaces().get(link), task);
        }
      }
    }
  }

  /// The same events, marked.
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

  /// The same event, with the container that its process is in by its namespaces, where its control
  /// group names none.
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

  /// Whether the process has made the namespace itself.
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

  /// Whose container the process was in; of one that has left its user or pid namespace, the one
  /// that it has left.
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

  /// The one that it was in before.
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
