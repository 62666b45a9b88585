package dev.nsmon.sink;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Carries records from a cursor in the log to a sink, on a thread of its own, until the log ends
/// or the sink does.
public final class Pump {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String name;
  private final Callable<EventLog.Cursor> beginning;
  private final Sink sink;
  private final int batch;
  private final LongConsumer progress;
  private final LongSupplier nanoTime;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final Thread thread;

  /// -1 before it has one.
  private volatile long position = -1;

  private volatile long movedNanos;
  private volatile long lost;

  /// How a pump ended.
  public sealed interface Ending {
    /// The log has ended, and the sink has everything.
    record Drained() implements Ending {}

    /// The sink wanted no more.
    record Satisfied() implements Ending {}

    /// The sink could take no more.
    record Failed(IOException cause) implements Ending {}
  }

  private Pump(
      String name,
      Callable<EventLog.Cursor> beginning,
      Sink sink,
      int batch,
      LongConsumer progress,
      LongSupplier nanoTime) {
    this.name = name;
    this.beginning = beginning;
    this.sink = sink;
    this.batch = batch;
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.movedNanos = nanoTime.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("pump-" + name).unstarted(this::run);
  }

  /// Starts one.
  ///
  /// @param nanoTime monotonic time, for [#stuck]
  public static Pump start(String name, EventLog.Cursor cursor, Sink sink, LongSupplier nanoTime) {
    return start(name, () -> cursor, sink, 512, _ -> {}, nanoTime);
  }

  /// Starts one whose progress is of interest.
  ///
  /// @param beginning where to begin; asked on the pump's thread, and may take its time
  /// @param batch how many records the sink is handed at once, at most
  /// @param progress takes the number to go on with, each time the sink has taken what was before
  /// @param nanoTime monotonic time, for [#stuck]
  public static Pump start(
      String name,
      Callable<EventLog.Cursor> beginning,
      Sink sink,
      int batch,
      LongConsumer progress,
      LongSupplier nanoTime) {
    Pump pump = new Pump(name, beginning, sink, batch, progress, nanoTime);
    pump.thread.start();
    return pump;
  }

  public String name() {
    return name;
  }

  /// The number that the sink goes on with, having taken what is before; empty before that is
  /// known.
  public OptionalLong position() {
    long now = position;
    return now < 0 ? OptionalLong.empty() : OptionalLong.of(now);
  }

  /// For how long it has neither carried anything nor had nothing to carry.
  public Duration stuck() {
    return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - movedNanos));
  }

  /// How many records its sink was never handed, because the log had moved past it.
  public long lost() {
    return lost;
  }

  /// Has a sink that is blocked give up, and leaves to the log what it has not taken.
  public void interrupt() {
    thread.interrupt();
  }

  /// Completes when it has ended, whichever way.
  public CompletableFuture<Ending> ending() {
    return ending;
  }

  private void run() {
    Ending end;
    try {
      end = pump();
      sink.close();
    } catch (IOException e) {
      end = new Ending.Failed(e);
    } catch (InterruptedException e) {
      end = new Ending.Failed(new IOException("interrupted", e));
    } catch (Exception | Error e) {
      ending.completeExceptionally(e);
      return;
    }
    ending.complete(end);
  }

  private Ending pump() throws Exception {
    EventLog.Cursor cursor = beginning.call();
    position = cursor.position();
    while (true) {
      long from = cursor.position();
      boolean isUnderWay = sink.isUnderWay();
      Optional<List<Entry>> entries = cursor.take(batch, isUnderWay ? Duration.ZERO : PATIENCE);
      if (isUnderWay && entries.filter(taken -> !taken.isEmpty()).isEmpty()) {
        sink.settle();
        arrived(from);
        continue;
      }
      if (entries.isEmpty()) {
        return new Ending.Drained();
      }
      movedNanos = nanoTime.getAsLong();
      if (entries.get().isEmpty()) {
        sink.idle();
        continue;
      }
      Sink.Appetite appetite = sink.hand(entries.get());
      countLost(from, entries.get());
      arrived(sink.isUnderWay() ? from : cursor.position());
      if (appetite == Sink.Appetite.ENOUGH) {
        return new Ending.Satisfied();
      }
    }
  }

  private void arrived(long next) {
    position = next;
    movedNanos = nanoTime.getAsLong();
    progress.accept(next);
  }

  /// An `events-lost` that a cursor made stands for all numbers since the entry before.
  private void countLost(long from, List<Entry> entries) {
    long next = from;
    for (Entry entry : entries) {
      if (entry.kind() == Kind.EVENTS_LOST && ofLog(entry.event(), next, entry.seq())) {
        long gone = lost + entry.seq() - next + 1;
        lost = gone;
      }
      next = entry.seq() + 1;
    }
  }

  private static boolean ofLog(NamespaceEvent event, long first, long last) {
    return event instanceof EventsLost gap
        && gap.first().orElse(0) == first
        && gap.last().orElse(0) == last;
  }
}
