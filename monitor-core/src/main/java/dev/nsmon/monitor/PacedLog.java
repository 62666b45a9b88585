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

/// Appends events to the log no faster than the journal writes them. Without a working journal, the
/// sinks set the pace. If the lag of a reader takes more than half of the log's memory, an append
/// waits. The push source then leaves its records in the kernel ([PushSource#hold]). A burst that
/// fits in the kernel's buffers is therefore not lost in the monitor's own memory.
///
/// The wait ends when a buffer of the kernel is half full, when the [Inbox] is filling, or when the
/// monitor stops. A stalled reader causes no wait.
///
/// Monitor thread only.
final class PacedLog {
  /// The most events in one append: about 1 MiB of the log's memory.
  static final int PIECE = 1000;

  /// A reader that acknowledges nothing for this long during a wait is stalled.
  static final Duration STILL = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final EventLog log;
  private final Inbox inbox;
  private final HostClock clock;
  private final BooleanSupplier stopped;
  // The readers that were seen far behind.
  private final Map<EventLog.Acknowledged, Progress> readers = new HashMap<>();
  private Optional<PushSource> source = Optional.empty();

  /// @param stopped true if the monitor is to end
  PacedLog(EventLog log, Inbox inbox, HostClock clock, BooleanSupplier stopped) {
    this.log = log;
    this.inbox = inbox;
    this.clock = clock;
    this.stopped = stopped;
  }

  /// The position at which a reader was last seen far behind.
  ///
  /// @param sinceNanos when it was first seen at this position, during this wait
  /// @param still true if it is stalled: a wait for it was in vain
  private record Progress(long position, long sinceNanos, boolean still) {}

  /// Sets the push source that leaves its records in the kernel during a wait.
  void readsFrom(PushSource pushing) {
    source = Optional.of(pushing);
  }

  /// Appends the events, at most [#PIECE] at once, and waits before each append if a reader lags.
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
