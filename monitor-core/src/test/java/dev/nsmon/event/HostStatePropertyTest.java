package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The laws of the state, over worlds in which things happen at random. A failure names the seed of
/// its world and the look.
class HostStatePropertyTest {
  private static final int LOOKS = 20;
  private static final Instant TIME = Scene.BEGAN;

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private interface Law {
    void hold(SnapshotDiff diff, boolean includeInitial, Snapshot before, Snapshot after);
  }

  private static void forAll(long seed, Law law) {
    for (boolean includeInitial : new boolean[] {false, true}) {
      RandomWorld world = new RandomWorld(seed);
      Snapshot before = Snapshot.EMPTY;
      for (int look = 0; look < LOOKS; look++) {
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

  /// Keys of all namespaces, each with the tasks in it.
  private static Map<String, List<Fold.Row>> members(HostState state) {
    Map<String, List<Fold.Row>> members = new TreeMap<>();
    for (Namespace namespace : state.snapshot(TIME).namespaces()) {
      members.put(
          namespace.key(), state.members(namespace.key()).stream().map(Fold.Row::of).toList());
    }
    return members;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eventsLeadFromTheStateOfALookToThatOfTheNext(long seed) {
    forAll(
        seed,
        (diff, includeInitial, a, b) -> {
          HostState state = HostState.of(a, includeInitial);
          diff.between(a, b).forEach(state::apply);
          assertEquals(members(HostState.of(b, includeInitial)), members(state));
        });
  }

  /// The state from all events since the beginning, not only from those of one look.
  @ParameterizedTest
  @MethodSource("seeds")
  void allEventsAddUpToTheLastLook(long seed) {
    HostState[] states = {new HostState(false), new HostState(true)};
    forAll(
        seed,
        (diff, includeInitial, a, b) -> {
          HostState state = states[includeInitial ? 1 : 0];
          diff.between(a, b).forEach(state::apply);
          assertEquals(members(HostState.of(b, includeInitial)), members(state));
          assertEquals(
              new HashSet<>(b.namespaces()), new HashSet<>(state.snapshot(TIME).namespaces()));
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyTaskSaidToBeSomewhereIsThere(long seed) {
    forAll(
        seed,
        (_, includeInitial, _, b) -> {
          HostState state = HostState.of(b, includeInitial);
          for (Task task : b.tasks()) {
            for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
              if (task.namespaces().knows(link)) {
                Namespace in = task.namespaces().get(link);
                boolean told = b.namespaces().contains(in) && (includeInitial || !in.initial());
                boolean there = state.members(in.key()).stream().anyMatch(task::sameTask);
                assertTrue(there || !told, () -> task + " is not in " + in.key());
              }
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void itsOwnEventsMakeTheSameStateOfNothing(long seed) {
    forAll(
        seed,
        (_, includeInitial, _, b) -> {
          HostState state = HostState.of(b, includeInitial);
          HostState again = new HostState(includeInitial);
          state.events().forEach(again::apply);
          assertEquals(state.snapshot(TIME), again.snapshot(TIME));
        });
  }

  /// Whatever is missing or comes twice, what is believed is in itself consistent.
  @ParameterizedTest
  @MethodSource("seeds")
  void eventsWithGapsInAnyOrderMakeAStateThatIsWhole(long seed) {
    Random random = new Random(seed);
    List<NamespaceEvent> events = new ArrayList<>();
    forAll(seed, (diff, _, a, b) -> events.addAll(diff.between(a, b)));
    Collections.shuffle(events, random);
    HostState state = new HostState(random.nextBoolean());
    for (NamespaceEvent event : events) {
      state.apply(event);
      Snapshot shown = state.snapshot(TIME);
      Set<String> above = new HashSet<>();
      Set<String> all = new HashSet<>();
      shown.namespaces().forEach(namespace -> all.add(namespace.key()));
      for (Namespace namespace : shown.namespaces()) {
        above.add(namespace.key());
        for (String owner : List.of(namespace.parent(), namespace.owner())) {
          assertTrue(above.contains(owner) || !all.contains(owner), () -> "seed " + seed);
        }
      }
      assertEquals(all.size(), shown.namespaces().size(), () -> "seed " + seed);
      for (Task task : shown.tasks()) {
        for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
          if (task.namespaces().knows(link)) {
            String key = task.namespaces().get(link).key();
            assertTrue(all.contains(key), () -> "seed " + seed + ": " + task);
            assertTrue(state.members(key).contains(task), () -> "seed " + seed + ": " + task);
          }
        }
      }
    }
  }
}
