package dev.nsmon.live;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads a log on a thread of its own and folds every event as it comes, so that one which can't be
/// true fails the test. All methods may be called by any thread.
final class Listener {
  private static final int MOST_FOUND = 100;

  /// So far back it can be told what led to an event that can't be true.
  private static final int RECENT = 100_000;

  private final EventLog.Cursor cursor;
  private final boolean keepsEvents;
  private final Thread thread = Thread.ofPlatform().name("listener").unstarted(this::read);

  // Guarded by this.
  private final Folded folded = new Folded();
  private final List<NamespaceEvent> events = new ArrayList<>();
  private final List<String> found = new ArrayList<>();
  private final Deque<NamespaceEvent> recent = new ArrayDeque<>();
  private long count;
  private boolean live;
  private Throwable failure;

  /// @param keepsEvents whether to keep all events after the baseline, or only what was lost
  Listener(EventLog.Cursor cursor, boolean keepsEvents) {
    this.cursor = cursor;
    this.keepsEvents = keepsEvents;
  }

  void start() {
    thread.start();
  }

  private void read() {
    try {
      for (Optional<List<Entry>> some = cursor.take(1000);
          some.isPresent();
          some = cursor.take(1000)) {
        take(some.get());
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private synchronized void fail(Throwable why) {
    failure = why;
  }

  private synchronized void take(List<Entry> entries) {
    for (Entry entry : entries) {
      if (failure != null) {
        return;
      }
      NamespaceEvent event = entry.event();
      try {
        folded.apply(event);
      } catch (AssertionError e) {
        failure = new AssertionError(e.getMessage() + " in " + entry + historyOf(event), e);
      }
      recent.add(event);
      if (recent.size() > RECENT) {
        recent.remove();
      }
      count++;
      if (live && isFound(event) && found.size() < MOST_FOUND) {
        found.add(Story.line(event));
      }
      if (live && (keepsEvents || event instanceof EventsLost)) {
        events.add(event);
      }
      live |= event instanceof Synced;
    }
  }

  /// What was told lately of all that have had an inode of what this is about.
  private String historyOf(NamespaceEvent last) {
    Set<Long> inodes =
        Story.namespaces(last).map(Namespace::inode).collect(Collectors.toCollection(HashSet::new));
    return Stream.concat(recent.stream(), Stream.of(last))
        .filter(event -> Story.namespaces(event).anyMatch(named -> inodes.contains(named.inode())))
        .map(event -> "\n" + event.sighting().time() + " " + Story.line(event))
        .collect(Collectors.joining());
  }

  /// Whether it was told because a comparison has found it.
  private static boolean isFound(NamespaceEvent event) {
    return event.sighting().source() == Source.POLL && !(event instanceof Destroyed);
  }

  /// What has been told since the baseline. Fails if any of it could not be true.
  synchronized List<NamespaceEvent> events() {
    if (failure != null) {
      throw new AssertionError(failure);
    }
    return List.copyOf(events);
  }

  /// How many events there were, the baseline included.
  synchronized long count() {
    return count;
  }

  /// The first of what was told because looking has found it, a line for each event.
  synchronized String found() {
    return String.join("\n", found);
  }

  private synchronized Set<String> facts() {
    return folded.facts(Namespace::name);
  }

  /// In what the fold differs both from a fresh look before it and from one after it.
  Set<String> differences(ScanSettings settings) {
    events();
    Snapshot before = freshLook(settings);
    Set<String> told = facts();
    Snapshot after = freshLook(settings);
    return Folded.differences(before, told, after, Namespace::name);
  }

  static Snapshot freshLook(ScanSettings settings) {
    try (ProcScanner scanner = new ProcScanner(settings, HostClock.SYSTEM)) {
      return scanner.look();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until the log has been read to its end.
  void join() {
    try {
      if (!thread.join(Watch.PATIENCE)) {
        fail(new AssertionError("the log is not read to its end"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
