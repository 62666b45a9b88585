package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.namespace.NamespaceType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Values of one filter widen, filters narrow, and control records always pass.
final class EventFilterTest {
  private static final List<NamespaceEvent> EVENTS = Samples.events("nginx").subList(0, 10);
  private static final List<Integer> CONTROL = List.of(7, 8, 9);

  @Test
  void withoutFiltersEverythingPasses() {
    assertEquals(EVENTS.size(), EVENTS.stream().filter(EventFilter.ALL::passes).count());
  }

  @Test
  void aMoveIsOfTheTypeThatChanged() {
    assertPasses(filter().types(NamespaceType.NET), 2, 4, 5);
    assertPasses(filter().types(NamespaceType.USER), 0, 4);
    assertPasses(filter().types(NamespaceType.USER, NamespaceType.UTS), 0, 1, 3, 4, 6);
  }

  @Test
  void kindsPidsAndNamesNarrow() {
    assertPasses(filter().kinds(Kind.PROCESS_LEFT, Kind.NAMESPACE_CREATED), 0, 1, 4);
    assertPasses(filter().pids(4711), 0, 2, 3, 4, 5);
    assertPasses(filter().pids(12));
    assertPasses(filter().comms("nginx"), 0, 2, 4, 5);
    assertPasses(filter().comms("nginx").kinds(Kind.PROCESS_LEFT), 4);
  }

  @Test
  void aNamespaceIsNamedByInodeOrByKeyAndAMoveFromItCounts() {
    assertPasses(filter().namespaces("net:[4026531833]"), 2);
    assertPasses(filter().namespaces("net:810"), 2, 4, 5);
    assertPasses(filter().namespaces("uts:4026532179.2"), 1, 3, 6);
    assertPasses(filter().namespaces("net:8"));
  }

  @Test
  void aContainerIsNamedAsPeopleKnowIt() {
    assertPasses(filter().containers("3f2a91c0d5e1"), 0, 2, 4, 5);
    assertPasses(filter().containers("docker:3f2a"), 0, 2, 4, 5);
    assertPasses(filter().containers("podman:3f2a"));
    assertPasses(filter().containers("3f2"));
    assertPasses(filter().containers("ffff", "3f2a"), 0, 2, 4, 5);
  }

  @Test
  void onlyWhatDeservesAttentionCanBeAskedFor() {
    List<NamespaceEvent> all = Samples.events("nginx");
    EventFilter filter =
        new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true, true);
    List<NamespaceEvent> passed = all.stream().filter(filter::passes).toList();
    assertEquals(List.of(all.get(7), all.get(8), all.get(9), all.get(10)), passed);
  }

  @Test
  void theBaselineCanBeLeftOut() {
    assertPasses(filter().baseline(false), 0, 2, 3, 4, 5, 6);
  }

  private static void assertPasses(Builder builder, Integer... indexes) {
    List<Integer> passed = new java.util.ArrayList<>();
    for (int i = 0; i < EVENTS.size(); i++) {
      if (builder.filter.passes(EVENTS.get(i))) {
        passed.add(i);
      }
    }
    List<Integer> expected = new java.util.ArrayList<>(List.of(indexes));
    expected.addAll(CONTROL);
    assertEquals(expected, passed);
  }

  private static Builder filter() {
    return new Builder(EventFilter.ALL);
  }

  private record Builder(EventFilter filter) {
    Builder types(NamespaceType... types) {
      return with(Set.of(types), filter.kinds(), filter.pids(), filter.comms());
    }

    Builder kinds(Kind... kinds) {
      return with(filter.types(), Set.of(kinds), filter.pids(), filter.comms());
    }

    Builder pids(Integer... pids) {
      return with(filter.types(), filter.kinds(), Set.of(pids), filter.comms());
    }

    Builder comms(String... comms) {
      return with(filter.types(), filter.kinds(), filter.pids(), Set.of(comms));
    }

    Builder containers(String... names) {
      return new Builder(
          new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(names), Set.of(), true));
    }

    Builder namespaces(String... names) {
      return new Builder(
          new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(names), true));
    }

    Builder baseline(boolean yes) {
      return new Builder(
          new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), yes));
    }

    private Builder with(
        Set<NamespaceType> types, Set<Kind> kinds, Set<Integer> pids, Set<String> comms) {
      return new Builder(new EventFilter(types, kinds, pids, comms, Set.of(), Set.of(), true));
    }
  }
}
