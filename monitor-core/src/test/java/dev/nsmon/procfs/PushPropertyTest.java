package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Fold;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories of a [ModelHost] whose processes live too short to be read: what their records
/// tell is what has happened, record by record. A failure names its seed.
class PushPropertyTest {
  private static final Instant BEGAN = TestClock.BEGIN;
  private static final int HAPPENINGS = 400;

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(0, 15);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatRecordsTellIsWhatHasHappened(long seed) throws IOException {
    boolean all = seed % 3 == 0;
    History history = new History(new Random(seed), all, directory);
    try {
      history.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", batch " + history.batches, e);
    } finally {
      history.scanner.close();
    }
  }

  /// One run. The clock stands such that the nth record is made n seconds after the beginning,
  /// which is how an event is traced to its record.
  private static final class History {
    private final Random random;
    private final ModelHost model;
    private final boolean all;
    private final ProcScanner scanner;
    private final PushFollower follower;
    private final SnapshotDiff diff;
    private final Fold fold;

    /// By inode, what is told and not told to have ended.
    private final Map<Long, Namespace> living = new HashMap<>();

    /// By key, what [Records] calls it.
    private final Map<String, String> names = new HashMap<>();

    private int records;
    private int batches;

    History(Random random, boolean all, Path directory) throws IOException {
      this.random = random;
      this.all = all;
      model = new ModelHost(random, all);
      FakeProc proc = new FakeProc(directory);
      proc.process(1, 100);
      model.settle(40);
      model.settle(41, NamespaceType.NET, NamespaceType.USER);
      model.settle(42, NamespaceType.UTS);
      for (int pid = 40; pid <= 42; pid++) {
        proc.process(pid, 100, Records.links(model.names(pid)));
      }
      ScanSettings settings =
          ScanSettings.DEFAULT
              .withMountPoint(proc.mountPoint())
              .withDescribe(all ? ScanSettings.Describe.ALL : ScanSettings.Describe.NEWS)
              .withKernelIds(false)
              .withSkipIdle(false);
      TestClock clock = new TestClock();
      scanner = new ProcScanner(settings, clock);
      follower = scanner.follower();
      diff = new SnapshotDiff(all);
      Snapshot first = scanner.look();
      fold = Fold.of(first, all);
      first.namespaces().forEach(this::begins);
      for (int pid : new int[] {1, 40, 41, 42}) {
        proc.exit(pid);
      }
      clock.advance(Duration.ofMillis(1));
      model.begin(clock.nanoTime());
    }

    void run() {
      for (int left = HAPPENINGS; left > 0; batches++) {
        int size = 1 + random.nextInt(random.nextInt(4) == 0 ? 100 : 8);
        left -= size;
        List<NamespaceEvent> events = new ArrayList<>();
        for (Step step : follower.apply(model.happen(size))) {
          events.addAll(diff.step(step, Source.PERF));
        }
        eachRecordTellsWhatItIsTo(events);
        events.forEach(this::take);
        theFoldIsTheModel();
      }
    }

    private void eachRecordTellsWhatItIsTo(List<NamespaceEvent> events) {
      Map<Integer, List<String>> changes = new TreeMap<>();
      Map<Integer, List<String>> ends = new TreeMap<>();
      int last = records;
      for (NamespaceEvent event : events) {
        long millis = Duration.between(BEGAN, event.sighting().time()).toMillis();
        int record = (int) (millis + 500) / 1000;
        assertTrue(record >= last, "events are in the order of their records");
        last = record;
        if (event instanceof Destroyed destroyed) {
          assertEquals(Evidence.INODE_REUSED, destroyed.evidence());
          add(ends, record, Records.key(destroyed.namespace()));
        } else {
          add(changes, record, told(event));
        }
      }
      for (ModelStory.Expected expected : model.story().take()) {
        String at = "record " + records;
        assertEquals(expected.ends(), sorted(ends.remove(records)), at);
        assertEquals(expected.changes(), sorted(changes.remove(records)), at);
        records++;
      }
      assertEquals(Map.of(), changes);
      assertEquals(Map.of(), ends);
    }

    private static void add(Map<Integer, List<String>> to, int record, String words) {
      to.computeIfAbsent(record, _ -> new ArrayList<>()).add(words);
    }

    private static List<String> sorted(List<String> words) {
      return words == null ? List.of() : words.stream().sorted().toList();
    }

    private static String told(NamespaceEvent event) {
      String told = Records.told(List.of(event)).getFirst();
      return event instanceof Created ? told.replaceFirst(" by .*", "") : told;
    }

    private void take(NamespaceEvent event) {
      fold.apply(event);
      if (event instanceof Created created) {
        begins(created.namespace());
      } else if (event instanceof Destroyed destroyed) {
        Namespace namespace = destroyed.namespace();
        assertEquals(Set.of(), fold.membersOf(namespace.key()), "who is in what has ended");
        assertEquals(namespace, living.remove(namespace.inode()));
      }
    }

    private void begins(Namespace namespace) {
      names.put(namespace.key(), Records.key(namespace));
      assertNull(living.put(namespace.inode(), namespace), "who has the inode of the new one");
    }

    private void theFoldIsTheModel() {
      assertEquals(Fold.of(follower.present(), all).state(), fold.state());
      Map<Integer, Set<String>> members = new TreeMap<>();
      fold.state().members().forEach((row, keys) -> members.put(row.pid(), named(keys)));
      assertEquals(model.members(), members);
      Set<String> told = new TreeSet<>();
      living.values().stream()
          .filter(namespace -> namespace.inode() > ProcScannerFixture.FAKE)
          .filter(namespace -> !namespace.initial())
          .forEach(namespace -> told.add(Records.key(namespace)));
      assertEquals(model.lastOfEachInode(), told);
      assertTrue(told.containsAll(model.alive()));
    }

    private Set<String> named(Set<String> keys) {
      Set<String> named = new TreeSet<>();
      keys.forEach(key -> named.add(names.get(key)));
      return named;
    }
  }
}
