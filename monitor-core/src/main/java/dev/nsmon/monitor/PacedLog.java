package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.push.PushSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Appends events to the log no faster than the journal writes them or, without a journal, than the
/// sinks take them: while half of the log's memory holds what a reader does not have yet, it waits,
/// and the push source leaves its records in the kernel. So a burst that the kernel has kept is not
/// lost to the monitor's own memory.
///
/// It waits no longer once a buffer of the kernel is half full or the [Inbox] is filling, and never
/// for a reader that stands still. Monitor thread only.
final class PacedLog {
  /// How many events are appended at once, at most: some 1 MiB of the log's memory.
  static final int PIECE = 1000;

  /// A reader that acknowledges nothing for so long stands still.
  static final Duration STILL = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final EventLog log;
  private final Inbox inbox;
  private final HostClock clock;
  private final BooleanSupplier stopped;
  private final Map<EventLog.Acknowledged, Progress> readers = new HashMap<>();
  private Optional<PushSource> source = Optional.empty();

  /// @param stopped whether the monitor is to end
  PacedLog(EventLog log, Inbox inbox, HostClock clock, BooleanSupplier stopped) {
    this.log = log;
    this.inbox = inbox;
    this.clock = clock;
    this.stopped = stopped;
  }

  /// Where a reader was when it was last seen far behind.
  ///
  /// @param sinceNanos when it was first seen there, during this wait
  /// @param still whether it was waited for in vain
  private record Progress(long position, long sinceNanos, boolean still) {}

  /// The source that reports from now on.
  void readsFrom(PushSource pushing) {
    source = Optional.of(pushing);
  }

  /// Appends these, in pieces where they are many.
  void append(List<NamespaceEvent> events) {
    for (int from = 0; from < events.size(); from += PIECE) {
      await();
      log.append(events.subList(from, Math.min(events.size(), from + PIECE)));
    }
  }

  private void await() {
    if (!isAnyFarBehind()) {
      return;
    }
    long now = clock.nanoTime();
    readers.keySet().retainAll(log.paceSetters());
    readers.replaceAll((_, seen) -> new Progress(seen.position(), now, seen.still()));
    source.ifPresent(one -> one.hold(true));
    try {
      while (isAnyFarBehind() && !isUrgent()) {
        clock.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      source.ifPresent(one -> one.hold(false));
    }
  }

  private boolean isUrgent() {
    return stopped.getAsBoolean()
        || inbox.isFilling()
        || source.filter(PushSource::isHalfFull).isPresent();
  }

  private boolean isAnyFarBehind() {
    boolean any = false;
    for (EventLog.Acknowledged reader : log.paceSetters()) {
      if (log.isFarBehind(reader.position())) {
        any |= !readers.compute(reader, (_, seen) -> seenAt(reader.position(), seen)).still();
      }
    }
    return any;
  }

  private Progress seenAt(long position, Progress before) {
    long now = clock.nanoTime();
    if (before == null || before.position() != position) {
      return new Progress(position, now, false);
    }
    boolean still = before.still() || now - before.sinceNanos() >= STILL.toNanos();
    return new Progress(position, before.sinceNanos(), still);
  }
}
