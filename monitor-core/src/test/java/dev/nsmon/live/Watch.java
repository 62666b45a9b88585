package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import dev.nsmon.testing.Differences;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/// A scanner, and all that its looks have told since the baseline. Every event is folded as it
/// comes, so that one which can't be true fails the test.
final class Watch implements AutoCloseable {
  /// How long what must come is waited for, on a machine that is busy with other things.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ProcScanner scanner;
  private final SnapshotDiff diff;
  private final Folded folded = new Folded();
  private final List<NamespaceEvent> events = new ArrayList<>();
  private Snapshot snapshot;

  private Watch(ScanSettings settings, boolean includeInitial) throws IOException {
    scanner = new ProcScanner(settings, HostClock.SYSTEM);
    diff = new SnapshotDiff(includeInitial);
    snapshot = scanner.look();
    diff.baseline(snapshot).forEach(folded::apply);
  }

  /// One that goes on where another has ended.
  private Watch(ScanSettings settings, Snapshot earlier, int generation) throws IOException {
    scanner = new ProcScanner(settings, HostClock.SYSTEM);
    diff = new SnapshotDiff(false);
    scanner.resume(earlier, generation);
    snapshot = scanner.look();
    Snapshot resumed = scanner.resumed(earlier);
    diff.baseline(resumed).forEach(folded::apply);
    List<NamespaceEvent> news = diff.resumed(resumed, snapshot);
    events.addAll(news);
    news.forEach(folded::apply);
  }

  /// Looks for the first time, knowing what another scanner saw last.
  static Watch resume(ScanSettings settings, Snapshot earlier, int generation) {
    try {
      return new Watch(settings, earlier, generation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Watch begin() {
    return begin(ScanSettings.DEFAULT);
  }

  static Watch begin(ScanSettings settings) {
    try {
      return new Watch(settings, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Looks once; what was told.
  List<NamespaceEvent> look() {
    try {
      Snapshot next = scanner.look();
      List<NamespaceEvent> news = diff.between(snapshot, next);
      snapshot = next;
      events.addAll(news);
      news.forEach(folded::apply);
      return news;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Looks until this is so.
  void until(String what, BooleanSupplier condition) {
    eventually(what)
        .until(
            () -> {
              look();
              return condition.getAsBoolean();
            });
  }

  private void untilAsserted(String what, ThrowingRunnable assertion) {
    eventually(what)
        .untilAsserted(
            () -> {
              look();
              assertion.run();
            });
  }

  private static ConditionFactory eventually(String what) {
    return await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .pollInSameThread();
  }

  void untilEnded(Ns ns) {
    until(ns.key() + " has ended", () -> !knows(ns) && !told(Destroyed.class, ns).isEmpty());
  }

  void untilKnown(Ns ns) {
    until(ns.key() + " is known", () -> knows(ns));
  }

  /// Looks until this, and nothing else, holds the namespace.
  void untilHeldBy(Ns ns, Holder holder) {
    untilAsserted(
        ns.key() + " is held by one",
        () -> assertEquals(Optional.of(List.of(holder)), find(ns).map(snapshot::holdersOf)));
  }

  /// Looks until this process is a member of the namespace.
  void untilIn(int pid, Ns ns) {
    until(
        pid + " is in " + ns.key(),
        () -> task(pid).map(task -> namespacesOf(task).anyMatch(ns::is)).orElse(false));
  }

  Snapshot snapshot() {
    return snapshot;
  }

  Folded folded() {
    return folded;
  }

  List<NamespaceEvent> events() {
    return events;
  }

  Optional<Task> task(int pid) {
    return snapshot.tasks().stream()
        .filter(task -> task.pid() == pid && task.tid() == 0)
        .findFirst();
  }

  Optional<Namespace> find(Ns ns) {
    return snapshot.namespaces().stream().filter(ns::is).findFirst();
  }

  boolean knows(Ns ns) {
    return find(ns).isPresent();
  }

  List<Holder> holdersOf(Ns ns) {
    return snapshot.holdersOf(find(ns).orElseThrow());
  }

  /// Those of which the task is a member.
  static Stream<Namespace> namespacesOf(Task task) {
    return IntStream.range(0, NamespaceLink.MEMBERSHIPS)
        .filter(task.namespaces()::knows)
        .mapToObj(task.namespaces()::get);
  }

  /// The events of one kind about this namespace itself.
  <E extends NamespaceEvent> List<E> told(Class<E> kind, Ns ns) {
    return Story.about(events, kind, ns::is);
  }

  /// What was told of these namespaces and processes, in order, a line for each event.
  List<String> story(Collection<Ns> of, Integer... pids) {
    return Story.of(
        events, namespace -> of.stream().anyMatch(ns -> ns.is(namespace)), Set.of(pids));
  }

  /// At rest, the events fold to what a scanner sees that has never looked before: whatever differs
  /// at first does no more after a while, also where others make and leave namespaces meanwhile.
  void foldsToAFreshLook(ScanSettings settings) {
    Differences.awaitNone(
        eventually("the fold equals a fresh look"), () -> differences(settings), () -> "");
  }

  private Set<String> differences(ScanSettings settings) {
    Snapshot before = Listener.freshLook(settings);
    look();
    return Folded.differences(
        before, folded.facts(Namespace::key), Listener.freshLook(settings), Namespace::key);
  }

  @Override
  public void close() {
    scanner.close();
  }
}
