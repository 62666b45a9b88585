package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A scanner, and all that its looks have told since the baseline. Every event is folded as it
/// comes, so that one which can't be true fails the test.
final class Watch implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ProcScanner scanner;
  private final SnapshotDiff diff;
  private final Folded folded = new Folded();
  private final List<NamespaceEvent> events = new ArrayList<>();
  private Snapshot snapshot;

  private Watch(ScanSettings settings, boolean includeInitial) throws IOException {
    scanner = new ProcScanner(settings, InstantSource.system());
    diff = new SnapshotDiff(includeInitial);
    snapshot = scanner.look();
    diff.baseline(snapshot).forEach(folded::apply);
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
    await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .pollInSameThread()
        .until(
            () -> {
              look();
              return condition.getAsBoolean();
            });
  }

  void untilEnded(Ns ns) {
    until(ns.key() + " has ended", () -> !knows(ns) && !told(Destroyed.class, ns).isEmpty());
  }

  void untilKnown(Ns ns) {
    until(ns.key() + " is known", () -> knows(ns));
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
    return events.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(event -> namespaceOf(event).map(ns::is).orElse(false))
        .toList();
  }

  private static Optional<Namespace> namespaceOf(NamespaceEvent event) {
    return switch (event) {
      case Created created -> Optional.of(created.namespace());
      case Destroyed destroyed -> Optional.of(destroyed.namespace());
      default -> Optional.empty();
    };
  }

  /// What was told of these namespaces and processes, in order, a line for each event.
  List<String> story(Collection<Ns> of, Integer... pids) {
    List<String> story = new ArrayList<>();
    Set<Integer> wanted = Set.of(pids);
    for (NamespaceEvent event : events) {
      switch (event) {
        case Created created when isAny(of, created.namespace()) ->
            story.add(
                "created "
                    + created.namespace().key()
                    + created.process().map(Watch::by).orElse(""));
        case Destroyed destroyed when isAny(of, destroyed.namespace()) ->
            story.add(
                "destroyed "
                    + destroyed.namespace().key()
                    + " "
                    + destroyed.evidence()
                    + destroyed.process().map(Watch::by).orElse(""));
        case Joined joined when wanted.contains(joined.process().pid()) ->
            story.add("joined" + by(joined.process()) + places(joined.namespaces()));
        case Left left when wanted.contains(left.process().pid()) ->
            story.add(
                "left"
                    + by(left.process())
                    + left.namespaces().stream()
                        .map(namespace -> " " + namespace.key())
                        .collect(Collectors.joining()));
        default -> {}
      }
    }
    return story;
  }

  private static boolean isAny(Collection<Ns> of, Namespace namespace) {
    return of.stream().anyMatch(ns -> ns.is(namespace));
  }

  private static String by(Task task) {
    return " " + task.pid() + (task.tid() == 0 ? "" : "/" + task.tid());
  }

  private static String places(List<Place> places) {
    return places.stream()
        .map(
            place ->
                " "
                    + place.namespace().key()
                    + place.from().map(from -> "<" + from.key()).orElse(""))
        .collect(Collectors.joining());
  }

  /// At rest, the events fold to what a scanner sees that has never looked before.
  void foldsToAFreshLook(ScanSettings settings) {
    await("the fold equals a fresh look")
        .atMost(PATIENCE)
        .pollInSameThread()
        .untilAsserted(
            () -> {
              look();
              try (ProcScanner fresh = new ProcScanner(settings, InstantSource.system())) {
                Snapshot now = fresh.look();
                assertEquals(Folded.namespacesOf(now), folded.namespaces());
                assertEquals(Folded.processesOf(now), folded.processes(now));
              }
            });
  }

  @Override
  public void close() {
    scanner.close();
  }
}
