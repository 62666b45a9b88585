package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The laws of steps, which show only what changes, over worlds in which things happen at random. A
/// failure names the seed of its world and the look.
class StepPropertyTest {
  private static final int LOOKS = 15;
  private static final int STEPS = 4;

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void stepsAddUpAndTheLookAfterThemTellsTheRestAndNothingTwice(long seed) {
    for (boolean includeInitial : new boolean[] {false, true}) {
      RandomWorld world = new RandomWorld(seed);
      Random random = new Random(seed);
      Snapshot before = world.next();
      for (int look = 1; look < LOOKS; look++) {
        Snapshot after = world.next();
        try {
          holds(includeInitial, before, after, random);
        } catch (AssertionError e) {
          throw new AssertionError(
              "seed " + seed + ", look " + look + ", includeInitial " + includeInitial, e);
        }
        before = after;
      }
    }
  }

  private static void holds(boolean includeInitial, Snapshot a, Snapshot b, Random random) {
    SnapshotDiff diff = new SnapshotDiff(includeInitial);
    Fold fold = Fold.of(a, includeInitial);
    List<String> told = new ArrayList<>();
    Snapshot at = a;
    for (int i = 0; i < STEPS; i++) {
      Snapshot next = PartialLook.between(at, b, random);
      Step step = step(at, next, random.nextBoolean());
      List<NamespaceEvent> events = diff.step(step, Source.PERF);
      assertEquals(Told.of(diff.between(at, next)), Told.of(events), "as between two looks");
      Sighting sighting = new Sighting(next.time(), notBefore(step), Source.PERF);
      events.forEach(event -> assertEquals(sighting, event.sighting()));
      fold.apply(events);
      assertEquals(Fold.of(next, includeInitial).state(), fold.state());
      told.addAll(Told.of(events));
      at = next;
    }
    List<NamespaceEvent> rest = diff.between(at, PartialLook.full(at, b));
    fold.apply(rest);
    assertEquals(Fold.of(b, includeInitial).state(), fold.state());
    told.addAll(Told.of(rest));
    assertEquals(told.size(), new HashSet<>(told).size(), told::toString);
  }

  private static Optional<Instant> notBefore(Step step) {
    return step.exact() ? Optional.empty() : Optional.of(step.before().time());
  }

  /// What has changed from the one to the other, and nothing else: all rows of each process of
  /// which one has.
  private static Step step(Snapshot a, Snapshot b, boolean exact) {
    Map<Integer, List<Task>> before = byPid(a);
    Map<Integer, List<Task>> after = byPid(b);
    List<Namespace> created = new ArrayList<>(b.namespaces());
    created.removeAll(a.namespaces());
    return Step.of(
        exact ? Optional.empty() : Optional.of(a.time()),
        b.time(),
        changed(a, before, after),
        changed(b, before, after),
        created,
        Map.of(),
        b.ended(),
        Optional.empty());
  }

  private static Map<Integer, List<Task>> byPid(Snapshot look) {
    Map<Integer, List<Task>> byPid = new HashMap<>();
    for (Task task : look.tasks()) {
      byPid.computeIfAbsent(task.pid(), _ -> new ArrayList<>()).add(task);
    }
    return byPid;
  }

  private static List<Task> changed(
      Snapshot look, Map<Integer, List<Task>> before, Map<Integer, List<Task>> after) {
    return look.tasks().stream()
        .filter(
            task ->
                !before
                    .getOrDefault(task.pid(), List.of())
                    .equals(after.getOrDefault(task.pid(), List.of())))
        .toList();
  }
}
