package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The laws of the comparison, over worlds in which things happen at random. A failure names the
/// seed of its world and the look.
class SnapshotDiffPropertyTest {
  private static final int LOOKS = 20;

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  /// A law that holds between any look and the next.
  private interface Law {
    void hold(SnapshotDiff diff, boolean includeInitial, Snapshot before, Snapshot after);
  }

  private static void forAll(long seed, Law law) {
    for (boolean includeInitial : new boolean[] {false, true}) {
      RandomWorld world = new RandomWorld(seed);
      Snapshot before = world.next();
      for (int look = 1; look < LOOKS; look++) {
        Snapshot after = world.next();
        try {
          law.hold(new SnapshotDiff(includeInitial), includeInitial, before, after);
        } catch (AssertionError e) {
          throw new AssertionError(
              "seed " + seed + ", look " + look + ", includeInitial " + includeInitial, e);
        }
        before = after;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsToldOfWhatIsTheSame(long seed) {
    forAll(
        seed,
        (diff, _, a, _) -> {
          assertEquals(List.of(), diff.between(a, a));
          assertEquals(List.of(), diff.between(a, PartialLook.sameAgain(a)));
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eventsAddUpToTheNextLook(long seed) {
    forAll(
        seed,
        (diff, includeInitial, a, b) -> {
          Fold fold = Fold.of(a, includeInitial);
          fold.apply(diff.between(a, b));
          assertEquals(Fold.of(b, includeInitial).state(), fold.state());
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void baselineAddsUpToTheFirstLook(long seed) {
    for (boolean includeInitial : new boolean[] {false, true}) {
      Snapshot first = new RandomWorld(seed).next();
      Fold fold = new Fold(includeInitial);
      fold.apply(new SnapshotDiff(includeInitial).baseline(first));
      assertEquals(Fold.of(first, includeInitial).state(), fold.state(), () -> "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eventsAreThoseOfThePlainComparison(long seed) {
    forAll(
        seed,
        (diff, includeInitial, a, b) ->
            assertEquals(
                new DiffOracle(includeInitial).told(a, b),
                Told.of(diff.between(a, b)).stream().sorted().toList()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nobodyIsLeftInWhatIsDestroyed(long seed) {
    forAll(
        seed,
        (diff, includeInitial, a, b) -> {
          Fold fold = Fold.of(a, includeInitial);
          List<NamespaceEvent> events = diff.between(a, b);
          for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof Destroyed destroyed) {
              Set<Fold.Row> in = new HashSet<>(fold.membersOf(destroyed.namespace().key()));
              b.tasks().stream()
                  .filter(task -> isStale(task, b))
                  .map(Fold.Row::of)
                  .forEach(in::remove);
              movedLater(events.subList(i, events.size())).forEach(in::remove);
              assertEquals(Set.of(), in, () -> Told.of(destroyed) + " in " + Told.of(events));
            }
            fold.apply(events.get(i));
          }
        });
  }

  /// Of a zombie or refused process it is told what was known last, of its threads too.
  private static boolean isStale(Task task, Snapshot look) {
    return look.tasks().stream()
        .anyMatch(row -> row.pid() == task.pid() && row.state() != Task.State.LIVE);
  }

  /// Those who went on to a namespace that has to be told after an end, having its inode.
  private static Set<Fold.Row> movedLater(List<NamespaceEvent> rest) {
    Set<String> late = new HashSet<>();
    Set<Fold.Row> moved = new HashSet<>();
    for (NamespaceEvent event : rest) {
      if (event instanceof Created created) {
        late.add(created.namespace().key());
      } else if (event instanceof Joined joined
          && joined.namespaces().stream()
              .anyMatch(place -> late.contains(place.namespace().key()))) {
        moved.add(Fold.Row.of(joined.process()));
      }
    }
    return moved;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parentsAndOwnersAreCreatedBeforeAndDestroyedAfterWhatIsTheirs(long seed) {
    forAll(
        seed,
        (diff, _, a, b) -> {
          Map<String, Namespace> exist = new HashMap<>();
          a.namespaces().forEach(namespace -> exist.put(namespace.key(), namespace));
          exist.put("", a.namespaces().getFirst());
          for (NamespaceEvent event : diff.between(a, b)) {
            if (event instanceof Created created) {
              exist.put(created.namespace().key(), created.namespace());
            } else if (event instanceof Destroyed destroyed) {
              exist.remove(destroyed.namespace().key());
            }
            for (Namespace one : exist.values()) {
              assertTrue(exist.containsKey(one.parent()), () -> one + " at " + Told.of(event));
              assertTrue(exist.containsKey(one.owner()), () -> one + " at " + Told.of(event));
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void lookAtSomeProcessesTellsNothingTwiceAndNothingElse(long seed) {
    Random random = new Random(seed);
    forAll(
        seed,
        (diff, includeInitial, a, b) -> {
          Snapshot some = PartialLook.between(a, b, random);
          Fold fold = Fold.of(a, includeInitial);
          List<NamespaceEvent> events = new ArrayList<>(diff.between(a, some));
          fold.apply(events);
          assertEquals(Fold.of(some, includeInitial).state(), fold.state());
          List<NamespaceEvent> rest = diff.between(some, PartialLook.full(some, b));
          fold.apply(rest);
          assertEquals(Fold.of(b, includeInitial).state(), fold.state());
          events.addAll(rest);
          List<String> told = Told.of(events);
          assertEquals(told.size(), new HashSet<>(told).size(), told::toString);
          assertTrue(told.size() >= diff.between(a, b).size(), told::toString);
        });
  }
}
