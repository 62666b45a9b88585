package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.BirthIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What lived and died between two runs is what was born between them and is not there.
final class DowntimeTest {
  private static final Instant LAST = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant FIRST = LAST.plusSeconds(7);
  private static final BirthIds END = new BirthIds(Map.of(0, 100L, 1, 5000L));

  private static Snapshot look(Instant time, long... ids) {
    List<Namespace> namespaces = new ArrayList<>();
    for (long id : ids) {
      namespaces.add(
          new Namespace(
              NamespaceType.UTS,
              4_026_532_000L + id,
              id,
              Namespace.keyOfId(NamespaceType.UTS, id),
              false,
              "",
              "",
              -1,
              Optional.empty()));
    }
    return new Snapshot(time, List.of(), namespaces, Map.of(), List.of(), Snapshot.EMPTY.report());
  }

  private static Optional<EventsLost> lost(
      Optional<BirthIds> end, Optional<BirthIds> start, Optional<String> boot, Snapshot first) {
    return Downtime.lost(new Earlier(look(LAST, 3, 99), 0, boot, end), start, first);
  }

  private static Optional<BirthIds> ids(long first, long second) {
    return Optional.of(new BirthIds(Map.of(0, first, 1, second)));
  }

  @Test
  void whatWasBornAndIsNotThereIsCounted() {
    EventsLost lost =
        lost(Optional.of(END), ids(111, 5006), Optional.empty(), look(FIRST, 3, 99, 104, 5001))
            .orElseThrow();
    assertEquals(OptionalLong.of(10 + 5 - 2), lost.count());
    assertEquals(EventsLost.Where.RESTART, lost.where());
    assertEquals(FIRST, lost.sighting().time());
    assertEquals(Optional.of(LAST), lost.sighting().notBefore());
  }

  @Test
  void nothingIsSaidWhereNothingWasMissed() {
    assertEquals(
        Optional.empty(),
        lost(Optional.of(END), ids(101, 5001), Optional.empty(), look(FIRST, 3, 99)));
    assertEquals(
        Optional.empty(),
        lost(Optional.of(END), ids(102, 5001), Optional.empty(), look(FIRST, 3, 99, 101)));
  }

  @Test
  void whatIsBornDuringTheLookCountsForNothing() {
    assertEquals(
        OptionalLong.of(1),
        lost(Optional.of(END), ids(102, 5001), Optional.empty(), look(FIRST, 3, 103, 5002))
            .orElseThrow()
            .count());
  }

  @Test
  void withoutTheKernelsNumbersTheLossHasNoCount() {
    Snapshot first = look(FIRST, 3, 99);
    List<Optional<EventsLost>> all =
        List.of(
            lost(Optional.empty(), ids(101, 5001), Optional.empty(), first),
            lost(Optional.of(END), Optional.empty(), Optional.empty(), first),
            lost(Optional.of(END), ids(101, 5001), Optional.of("earlier boot"), first),
            lost(
                Optional.of(END),
                Optional.of(new BirthIds(Map.of(0, 101L))),
                Optional.empty(),
                first));
    for (Optional<EventsLost> lost : all) {
      assertEquals(OptionalLong.empty(), lost.orElseThrow().count());
    }
  }

  @Test
  void idsAreReadBack() {
    assertEquals("0:100 1:5000", END.toString());
    assertEquals(Optional.of(END), BirthIds.parse(END.toString()));
    for (String other : List.of("", "0", "0:", "0:1,1:2", "0:1 ", "0:9999999999999999999")) {
      assertEquals(Optional.empty(), BirthIds.parse(other));
    }
  }

  /// A kernel that hands out ids in batches: what was born between is what is counted and found.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyIdOfTheTimeBetweenIsOneOfThoseThatAreCounted(long seed) {
    Random random = new Random(seed);
    int cpus = 1 + random.nextInt(6);
    Map<Integer, Long> next = new HashMap<>();
    long[] batches = {0};
    List<Long> before = born(random, random.nextInt(20_000), cpus, next, batches);
    BirthIds end = visit(cpus, next, batches);
    List<Long> between = born(random, random.nextInt(30_000), cpus, next, batches);
    BirthIds start = visit(cpus, next, batches);
    List<Long> after = born(random, random.nextInt(10_000), cpus, next, batches);
    assertEquals(OptionalLong.of(between.size()), end.until(start));
    between.forEach(id -> assertTrue(end.isBetween(id, start), () -> "" + id));
    before.forEach(id -> assertFalse(end.isBetween(id, start), () -> "" + id));
    after.forEach(id -> assertFalse(end.isBetween(id, start), () -> "" + id));
  }

  private static List<Long> born(
      Random random, int count, int cpus, Map<Integer, Long> next, long[] batches) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(id(random.nextInt(cpus), next, batches));
    }
    return ids;
  }

  private static BirthIds visit(int cpus, Map<Integer, Long> next, long[] batches) {
    Map<Integer, Long> ids = new TreeMap<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      ids.put(cpu, id(cpu, next, batches));
    }
    return new BirthIds(ids);
  }

  private static long id(int cpu, Map<Integer, Long> next, long[] batches) {
    long id = next.getOrDefault(cpu, 4096L * batches[0] + 1);
    if (!next.containsKey(cpu)) {
      batches[0]++;
    }
    if (id % 4096 == 0) {
      next.remove(cpu);
    } else {
      next.put(cpu, id + 1);
    }
    return id;
  }
}
