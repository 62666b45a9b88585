package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ScanSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Leaving out the processes that have not run shows the same as reading all of them.
@ExtendWith(Live.class)
class SkipIdleIT {
  private static final int STEPS = 80;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theTwoSeeTheSameWhateverIsDone(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<NsHelper> helpers = new ArrayList<>();
    List<Child> children = new ArrayList<>();
    try (Watch skipping = Watch.begin(ScanSettings.DEFAULT.withSkipIdle(true));
        Watch reading = Watch.begin(ScanSettings.DEFAULT.withSkipIdle(false))) {
      for (int i = 0; i < 4; i++) {
        helpers.add(start());
      }
      int done = 0;
      Set<String> made = new TreeSet<>();
      for (int step = 0; step < STEPS; step++) {
        done += doAnything(random, helpers, children) ? 1 : 0;
        String now = "seed " + seed + ", step " + step;
        Set<Integer> pids = new TreeSet<>();
        children.forEach(child -> pids.add(child.pid));
        helpers.forEach(one -> pids.add(one.pid()));
        // A process that is still on its CPU has yet to be charged for the time.
        await(now)
            .atMost(Watch.PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(10))
            .pollInSameThread()
            .untilAsserted(
                () -> {
                  skipping.look();
                  reading.look();
                  assertEquals(of(pids, reading), of(pids, skipping), now);
                  made.addAll(inhabited(pids, reading));
                  assertEquals(living(made, reading), living(made, skipping), now);
                });
      }
      assertTrue(done > STEPS / 2, "most of it was refused");
      assertTrue(
          skipping.snapshot().report().read() < reading.snapshot().report().read(),
          "nothing was left out");
      skipping.foldsToAFreshLook(ScanSettings.DEFAULT);
    } finally {
      helpers.forEach(NsHelper::close);
    }
  }

  /// One thing that changes namespaces, or tries to; whether the kernel let it.
  private static boolean doAnything(
      RandomGenerator random, List<NsHelper> helpers, List<Child> children) {
    int which = random.nextInt(helpers.size());
    NsHelper helper = helpers.get(which);
    String type = anyType(random);
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> helper.attempt("unshare", type).isPresent();
      case 3, 4, 5 -> helper.attempt("setns", pidOf(helpers, random), type).isPresent();
      case 6, 7, 8 -> {
        Optional<List<Long>> child = helper.attempt("clone", random.nextInt(4) == 0 ? "-" : type);
        child.ifPresent(pid -> children.add(new Child(helper, pid.getFirst().intValue())));
        yield child.isPresent();
      }
      case 9 -> {
        // After its first child in an unshared pid namespace has ended it can have no other.
        helper.end();
        children.removeIf(child -> child.parent == helper);
        helpers.set(which, start());
        yield true;
      }
      default -> {
        if (children.isEmpty()) {
          yield false;
        }
        Child child = children.remove(random.nextInt(children.size()));
        yield child.parent.attempt("kill", child.pid).isPresent();
      }
    };
  }

  /// The end of a pid namespace waits until whoever has children there has reaped them.
  private static NsHelper start() {
    NsHelper helper = NsHelper.start();
    helper.ask("reap-by-itself");
    return helper;
  }

  private record Child(NsHelper parent, int pid) {}

  private static int pidOf(List<NsHelper> helpers, RandomGenerator random) {
    return helpers.get(random.nextInt(helpers.size())).pid();
  }

  /// Without user namespaces, after which a helper may do little else.
  private static String anyType(RandomGenerator random) {
    List<NamespaceType> types =
        List.of(
            NamespaceType.CGROUP,
            NamespaceType.IPC,
            NamespaceType.MNT,
            NamespaceType.NET,
            NamespaceType.PID,
            NamespaceType.TIME,
            NamespaceType.UTS);
    return types.get(random.nextInt(types.size())).kernelName();
  }

  /// The namespaces in which these processes are, but for the initial ones.
  private static Set<String> inhabited(Set<Integer> pids, Watch watch) {
    return watch.snapshot().tasks().stream()
        .filter(task -> pids.contains(task.pid()))
        .flatMap(Watch::namespacesOf)
        .filter(namespace -> !namespace.initial())
        .map(Namespace::key)
        .collect(Collectors.toSet());
  }

  /// Those of them that are there.
  private static Set<String> living(Set<String> keys, Watch watch) {
    return watch.snapshot().namespaces().stream()
        .map(Namespace::key)
        .filter(keys::contains)
        .collect(Collectors.toSet());
  }

  /// Where these processes are.
  private static Map<Integer, String> of(Set<Integer> pids, Watch watch) {
    Map<Integer, String> where = new TreeMap<>();
    for (Task task : watch.snapshot().tasks()) {
      if (pids.contains(task.pid())) {
        where.put(
            task.pid(),
            task.state()
                + Watch.namespacesOf(task)
                    .map(namespace -> " " + namespace.key())
                    .collect(Collectors.joining()));
      }
    }
    return where;
  }
}
