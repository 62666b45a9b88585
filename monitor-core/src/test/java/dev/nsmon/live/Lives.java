package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was told of the short lives of one load, and of nothing else: each of them must be told
/// whole, once, in order and rightly.
final class Lives {
  /// By how much the wall clock, read beside the other clock, may be off: this thread was held up
  /// between the two.
  private static final Duration SLACK = Duration.ofMillis(200);

  private final List<NamespaceEvent> events;
  private final List<Integer> joined = new ArrayList<>();
  private final Map<String, List<Integer>> created = new HashMap<>();
  private final Map<String, List<Integer>> destroyed = new HashMap<>();
  private final Map<Long, List<Integer>> left = new HashMap<>();

  /// @param name of the load's processes
  Lives(List<NamespaceEvent> events, String name) {
    this.events = events;
    for (int i = 0; i < events.size(); i++) {
      switch (events.get(i)) {
        case Created one -> add(created, one.namespace().key(), i);
        case Destroyed one -> add(destroyed, one.namespace().key(), i);
        case Joined one when one.process().info().comm().equals(name) -> joined.add(i);
        case Left one -> add(left, one.process().instance(), i);
        default -> {}
      }
    }
  }

  private static <K> void add(Map<K, List<Integer>> map, K key, int index) {
    map.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(index);
  }

  /// How many joins were told.
  int size() {
    return joined.size();
  }

  /// How many of those that joined have left.
  long left() {
    return joined.stream()
        .map(index -> ((Joined) events.get(index)).process().instance())
        .filter(left::containsKey)
        .count();
  }

  /// How many of the namespaces that they joined have ended.
  long destroyed() {
    return joined.stream()
        .flatMap(index -> ((Joined) events.get(index)).namespaces().stream())
        .map(place -> place.namespace().key())
        .filter(destroyed::containsKey)
        .count();
  }

  /// What else was told to have joined at that time: who is missing may be there by another name.
  String others(Burst.Run run) {
    StringBuilder text = new StringBuilder("joins; and of others:");
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof Joined other
          && !joined.contains(i)
          && other.sighting().time().isAfter(run.began())
          && other.sighting().time().isBefore(run.ended())) {
        text.append("\n ")
            .append(other.process().pid())
            .append(" '")
            .append(other.process().info().comm())
            .append("' of ")
            .append(other.process().info().ppid());
        other.namespaces().forEach(place -> text.append(' ').append(place.namespace().name()));
        other.cause().ifPresent(cause -> text.append(' ').append(cause));
      }
    }
    return text.toString();
  }

  /// Fails unless each was in a namespace of its own.
  void eachWasInItsOwn(NamespaceType type, Cause cause, Burst.Run run) {
    Set<String> keys = new HashSet<>();
    for (int index : joined) {
      assertTrue(keys.add(check(index, type, cause, run)), () -> "shared: " + events.get(index));
    }
  }

  /// Fails unless all but the first were in the one namespace that the first had made.
  void allJoinedTheFirst(NamespaceType type, Burst.Run run) {
    String key = check(joined.getFirst(), type, Cause.UNSHARE, run);
    for (int index : joined.subList(1, joined.size())) {
      assertEquals(key, check(index, type, Cause.SETNS, run), () -> "" + events.get(index));
    }
  }

  /// Checks one life; the key of its namespace.
  private String check(int index, NamespaceType type, Cause cause, Burst.Run run) {
    Joined join = (Joined) events.get(index);
    assertEquals(List.of(type), join.namespaces().stream().map(p -> p.namespace().type()).toList());
    Namespace in = join.namespaces().getFirst().namespace();
    assertFalse(in.initial(), join::toString);
    assertEquals(cause, join.cause().orElseThrow(), join::toString);
    assertEquals(
        cause != Cause.FORK,
        join.namespaces().getFirst().from().filter(Namespace::initial).isPresent(),
        join::toString);
    assertEquals(0, join.process().tid(), join::toString);

    int create = one(created, in.key(), join);
    int leave = one(left, join.process().instance(), join);
    int destroy = one(destroyed, in.key(), join);
    Left gone = (Left) events.get(leave);
    assertEquals(List.of(in), gone.namespaces(), gone::toString);
    assertTrue(sameProcess(join.process(), gone.process()), gone::toString);
    assertTrue(create < index && index < leave && leave < destroy, () -> "out of order: " + join);
    told(run, create, index, leave);
    Instant end = events.get(destroy).sighting().time();
    assertFalse(end.isBefore(gone.sighting().time()), () -> "ended before it was left: " + gone);
    return in.key();
  }

  private static int one(Map<?, List<Integer>> told, Object of, Joined join) {
    List<Integer> indexes = told.getOrDefault(of, List.of());
    assertEquals(1, indexes.size(), () -> "so many events of one kind after " + join);
    return indexes.getFirst();
  }

  private static boolean sameProcess(Task one, Task other) {
    return one.sameTask(other) && one.info().comm().equals(other.info().comm());
  }

  /// By the kernel, at its own times, within the load and in the order of the events.
  private void told(Burst.Run run, int... indexes) {
    Instant least = run.began().minus(SLACK);
    for (int index : indexes) {
      NamespaceEvent event = events.get(index);
      assertEquals(Source.PERF, event.sighting().source(), event::toString);
      assertTrue(event.sighting().notBefore().isEmpty(), event::toString);
      Instant time = event.sighting().time();
      assertTrue(time.compareTo(least) >= 0, least + " is later than " + event);
      least = time;
    }
    assertTrue(least.isBefore(run.ended().plus(SLACK)), least + " is after the load");
  }
}
