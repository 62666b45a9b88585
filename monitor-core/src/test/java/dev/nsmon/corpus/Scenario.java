package dev.nsmon.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Fold;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A simulated host with processes 1 (init), 2 (kthreadd) and 3 (the monitor), the product that
/// observes it, and the events that come of that. Each scenario runs on every [KernelKind].
///
/// What exists before [#begin] is the baseline. After it, verbs of [#host] make records, which wait
/// until the scenario delivers or loses them. Every event is added up: one that contradicts those
/// before it, and a descriptor that stays open, fail the scenario.
@ParameterizedClass
@EnumSource(KernelKind.class)
abstract class Scenario {
  @Parameter KernelKind kind;

  TestClock clock;
  Host host;
  SimulatedKernel kernel;
  Subject subject;
  Subject.Options options;
  Words words;

  /// Events since [#tells] was called last.
  final List<NamespaceEvent> events = new ArrayList<>();

  /// The highest generation of an inode that a key has had.
  int generation = 1;

  /// Whether what belongs to a namespace must have ended before it.
  boolean childrenEndFirst = true;

  /// Whether all that is opened is closed before the product goes on.
  boolean opensAndCloses = true;

  private final List<KernelRecord> waiting = new ArrayList<>();
  private Fold fold;
  private List<String> standing;

  /// By key, what has begun and not ended, with the keys of its parent and its owner.
  private final Map<String, List<String>> belongings = new HashMap<>();

  @BeforeEach
  void aHost() {
    clock = new TestClock();
    host = new Host(kind, clock);
    kernel = new SimulatedKernel(host);
    words = new Words(host);
    options = Subject.Options.USUAL;
  }

  @AfterEach
  void isClosed() {
    if (subject != null) {
      subject.close();
      assertEquals(List.of(), kernel.opened(), "left open at the end");
    }
  }

  /// Observes everything for the first time; the baseline is not among the events.
  void begin() throws IOException {
    start();
    List<NamespaceEvent> baseline = subject.begin();
    fold = new Fold(options.includeInitial());
    take(baseline);
    events.clear();
    host.follow(subject.followed());
    standing = kernel.opened();
  }

  /// Begins where an earlier run has ended; what has changed since are events.
  void resume(Snapshot earlier, int generation) throws IOException {
    start();
    fold = Fold.of(earlier, options.includeInitial());
    take(subject.resume(earlier, generation));
    host.follow(subject.followed());
    standing = kernel.opened();
  }

  /// The product stops; its last state.
  Snapshot stop() {
    Snapshot last = subject.present();
    subject.close();
    subject = null;
    assertEquals(List.of(), kernel.opened(), "left open at the end");
    return last;
  }

  private void start() throws IOException {
    host.takeRecords();
    subject = new Subject(options, clock, kernel);
  }

  // ---- what the product does, and when

  /// Observes everything.
  void scan() throws IOException {
    millisecond();
    take(subject.scan());
    assertEquals(Fold.of(subject.present(), options.includeInitial()).state(), fold.state());
    host.follow(subject.followed());
  }

  /// Records that were made until now wait no longer.
  void deliver() {
    waiting.addAll(host.takeRecords());
    List<KernelRecord> all = List.copyOf(waiting);
    waiting.clear();
    take(subject.deliver(all));
  }

  /// Only so many of the records that wait.
  void deliver(int count) {
    waiting.addAll(host.takeRecords());
    List<KernelRecord> some = List.copyOf(waiting.subList(0, count));
    waiting.subList(0, count).clear();
    take(subject.deliver(some));
  }

  /// Records that were made until now are lost.
  void lose() {
    host.takeRecords();
    waiting.clear();
  }

  /// Waits until the product has nothing more to ask after by itself.
  void settle() {
    for (int i = 0; subject.settleDueNanos() != Long.MAX_VALUE; i++) {
      assertTrue(i < 100, "it settles");
      advanceTo(subject.settleDueNanos());
      take(subject.settle());
    }
  }

  /// Asks after what no record reports.
  void ask() {
    millisecond();
    take(subject.ask());
  }

  /// Compares everything, and waits as long as a record may take.
  void compare() throws IOException {
    millisecond();
    take(subject.compare());
    confirm();
  }

  /// Runs a comparison, which must leave no suspect waiting for a record.
  void compareAtOnce() throws IOException {
    millisecond();
    take(subject.compare());
    assertTrue(!subject.hasSuspects(), "nobody is suspect");
  }

  /// Waits as long as a record may take for those that the comparison has found.
  void confirm() {
    clock.advance(Duration.ofSeconds(3));
    take(subject.confirm());
    assertTrue(!subject.hasSuspects(), "nobody is suspect any more");
  }

  /// Compares, and searches at once.
  void search() throws IOException {
    millisecond();
    take(subject.compare());
    take(subject.search());
  }

  /// Goes on with a search.
  void takeSearch() {
    take(subject.search());
  }

  /// Does all that the product does by itself, for a minute in which nothing happens and all
  /// records come.
  void rest() throws IOException {
    deliver();
    settle();
    ask();
    for (int i = 0; i < 3; i++) {
      compare();
      clock.advance(Duration.ofSeconds(30));
      take(subject.search());
      settle();
    }
  }

  private void millisecond() {
    clock.advance(Duration.ofMillis(1));
  }

  void advance(Duration time) {
    clock.advance(time);
  }

  void advanceTo(long nanos) {
    clock.advance(Duration.ofNanos(Math.max(0, nanos - clock.nanoTime())));
  }

  private void take(List<NamespaceEvent> told) {
    for (NamespaceEvent event : told) {
      words.of(event);
      if (event instanceof Created created) {
        String key = created.namespace().key();
        int dot = key.indexOf('.');
        generation = Math.max(generation, dot < 0 ? 0 : Integer.parseInt(key.substring(dot + 1)));
      }
      fold.apply(event);
      keepsTheLaws(event);
    }
    events.addAll(told);
    if (standing != null && opensAndCloses && !subject.isSearching()) {
      assertEquals(standing, kernel.opened(), "what is held open");
    }
  }

  /// Parents and owners begin before, and end after, what belongs to them.
  private void keepsTheLaws(NamespaceEvent event) {
    if (event instanceof Created created) {
      Namespace namespace = created.namespace();
      Set<String> living = fold.state().namespaces();
      for (String key : List.of(namespace.parent(), namespace.owner())) {
        assertTrue(key.isEmpty() || living.contains(key), "has its owner: " + words.of(event));
      }
      belongings.put(namespace.key(), List.of(namespace.parent(), namespace.owner()));
    } else if (event instanceof Destroyed destroyed) {
      String key = destroyed.namespace().key();
      belongings.remove(key);
      for (Map.Entry<String, List<String>> child : belongings.entrySet()) {
        assertTrue(
            !childrenEndFirst || !child.getValue().contains(key),
            words.byKey(child.getKey()) + " lives: " + words.of(event));
      }
    }
  }

  // ---- what is expected

  /// The events since this was called last. `gone` is the evidence that the kernel gives: the id
  /// where there is one, else the search that finds no holder. An empty line is none.
  void tells(String... lines) {
    List<String> expected = new ArrayList<>();
    for (String line : Stream.of(lines).filter(line -> !line.isEmpty()).toList()) {
      expected.add(line.replace(" gone", kind.hasIds() ? " kernel-id-gone" : " no-holder"));
    }
    List<String> told = told();
    assertEquals(String.join("\n", inOrder(expected)), String.join("\n", inOrder(told)));
    events.clear();
  }

  /// Sorts those that begin or end one right after the other: their order among each other has laws
  /// of its own.
  private static List<String> inOrder(List<String> lines) {
    List<String> ordered = new ArrayList<>();
    List<String> group = new ArrayList<>();
    for (String line : lines) {
      if (!group.isEmpty() && !isOfOneKind(group.getFirst(), line)) {
        ordered.addAll(group.stream().sorted().toList());
        group.clear();
      }
      group.add(line);
    }
    ordered.addAll(group.stream().sorted().toList());
    return ordered;
  }

  private static boolean isOfOneKind(String one, String other) {
    return List.of("created ", "destroyed ").stream()
        .anyMatch(kind -> one.startsWith(kind) && other.startsWith(kind));
  }

  /// A line that is expected with ids only, or without them only.
  String withIds(String line) {
    return kind.hasIds() ? line : "";
  }

  String withoutIds(String line) {
    return kind.hasIds() ? "" : line;
  }

  /// The events since [#tells] was called last, in words.
  List<String> told() {
    return events.stream().map(words::of).toList();
  }

  /// What the events add up to is what there is on the host.
  void isTrue() {
    Map<Integer, Set<String>> members = new TreeMap<>();
    fold.state()
        .members()
        .forEach(
            (row, keys) -> {
              Set<String> in = members.computeIfAbsent(row.pid(), _ -> new TreeSet<>());
              keys.forEach(key -> in.add(words.byKey(key)));
            });
    assertEquals(host.members(), members);
    Set<String> alive = new TreeSet<>();
    fold.state().namespaces().forEach(key -> alive.add(words.byKey(key)));
    alive.removeIf(name -> name.endsWith(":init"));
    assertEquals(host.alive(), alive);
  }
}
