package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.format.Host;
import dev.nsmon.format.Samples;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/// A run of a monitor that tells of namespaces which come and go, each in four events that say by
/// their number what they are.
final class Life implements AutoCloseable {
  static final Host HOST = new Host("alpha", "0123456789abcdef", "boot-1");
  static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");

  /// The clock of all journals that hold these events. By the machine's clock, retention would
  /// delete them once they are seven days old.
  static final HostClock CLOCK = clock(() -> BEGIN);

  final List<String> remarks = new CopyOnWriteArrayList<>();
  final Journal journal;
  final EventLog log;

  /// What the journal has found of earlier streams.
  final List<Backlog> backlogs = new CopyOnWriteArrayList<>();

  private final HostState state;
  private long told;

  Life(JournalSettings settings, Host host, HostClock clock, long memory) {
    this(settings, host, clock, memory, Duration.ofSeconds(5));
  }

  /// @param retry how long the journal waits before it tries again
  Life(JournalSettings settings, Host host, HostClock clock, long memory, Duration retry) {
    journal =
        new Journal(settings, host, "stream-" + System.nanoTime(), clock, remarks::add, retry);
    log = EventLog.durable(journal.stream(), journal.nextSeq(), memory, clock, journal);
    state = journal.lastState().map(LastState::state).orElse(new HostState(false));
    told = journal.nextSeq() - 1;
    journal.start(log, this::present, false, Parent.NONE, backlogs::add);
  }

  Life(Path file) {
    this(new JournalSettings(file), HOST, CLOCK, 64 << 20);
  }

  /// Clocks of which the wall time is a test's.
  static HostClock clock(InstantSource wall) {
    return new HostClock() {
      @Override
      public Instant instant() {
        return wall.instant();
      }

      @Override
      public long nanoTime() {
        return HostClock.SYSTEM.nanoTime();
      }
    };
  }

  /// The event that gets this number.
  static NamespaceEvent event(long seq) {
    return event(seq, BEGIN.plusMillis(seq));
  }

  private static NamespaceEvent event(long seq, Instant time) {
    long id = 1000 + seq / 4;
    Sighting sighting = new Sighting(time, Optional.of(BEGIN), Source.POLL);
    Namespace namespace =
        new Namespace(
            NamespaceType.NET,
            4_026_532_177L,
            id,
            Namespace.keyOfId(NamespaceType.NET, id),
            false,
            "",
            "user:1",
            -1,
            Optional.empty());
    Task task = Samples.process("task-" + id);
    return switch ((int) (seq % 4)) {
      case 0 -> new Created(sighting, namespace, Optional.of(task), List.of());
      case 1 ->
          new Joined(
              sighting, task, List.of(new Place(namespace, Optional.empty())), Optional.empty());
      case 2 -> new Left(sighting, task, List.of(namespace));
      default ->
          new Destroyed(
              sighting, namespace, OptionalLong.of(7), Evidence.NO_HOLDER, Optional.of(task));
    };
  }

  synchronized void tell(int count) {
    List<NamespaceEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      NamespaceEvent event = event(++told);
      state.apply(event);
      events.add(event);
    }
    log.append(events);
  }

  /// Tells one, of this time.
  synchronized void tell(Instant time) {
    NamespaceEvent event = event(++told, time);
    state.apply(event);
    log.append(List.of(event));
  }

  private synchronized Present present() {
    return new Present(told, state.snapshot(BEGIN.plusMillis(told)));
  }

  synchronized HostState state() {
    return state;
  }

  /// Waits until all that was told is kept, and gives it.
  List<Entry> kept(long from) throws InterruptedException {
    List<Entry> entries = new ArrayList<>();
    EventLog.Cursor cursor = log.from(from);
    while (cursor.position() < log.nextSeq()) {
      List<Entry> taken = cursor.take(1000, Duration.ofSeconds(10)).orElseThrow();
      assertEquals(false, taken.isEmpty(), () -> "not kept: " + cursor.position() + " " + remarks);
      entries.addAll(taken);
    }
    return entries;
  }

  void awaitRemark(String part) {
    Awaitility.await(part)
        .atMost(Duration.ofSeconds(30))
        .until(() -> remarks.stream().anyMatch(line -> line.contains(part)));
  }

  /// What can be seen of a state.
  static String shown(HostState state) {
    StringBuilder text = new StringBuilder();
    for (NamespaceEvent event : state.events()) {
      text.append(event.sighting().time()).append(' ');
      switch (event) {
        case Created created ->
            text.append(created.namespace().key()).append(created.process().map(Task::pid));
        case Joined joined ->
            text.append(joined.process().pid())
                .append(joined.process().info().comm())
                .append(joined.namespaces().stream().map(p -> p.namespace().key()).toList());
        default -> text.append(event);
      }
      text.append('\n');
    }
    return text.toString();
  }

  @Override
  public void close() {
    log.close();
    journal.close();
  }
}
