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
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Carries records from a cursor in the log to a sink, on a thread of its own, until the log ends
/// or the sink does.
///
/// One that is supervised outlives its sink: after a failure, another sink goes on with the first
/// record that was not acknowledged.
public final class Pump {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String name;
  private final Beginning beginning;
  private final Supplier<? extends Sink> sinks;

  /// Empty for one that is not supervised.
  private final Optional<Component> component;

  private final int batch;
  private final LongConsumer progress;
  private final LongSupplier nanoTime;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final Thread thread;

  /// -1 before it has one.
  private volatile long position = -1;

  private volatile long movedNanos;
  private volatile long lost;

  /// The sink that is handed records; null before the first.
  private volatile Sink current;

  /// What the sinks before that could not pass on. Set on the pump's thread.
  private volatile long lostBefore;

  /// What is below this number is counted in [#lost], if it was lost.
  private long counted;

  /// Set by [#interrupt]: it does not go on after a failure.
  private volatile boolean interrupted;

  /// Where a pump begins.
  public interface Beginning {
    /// A cursor in the log. Called on the pump's thread; may take its time.
    ///
    /// @param position the first number that was not acknowledged; empty if the pump has not begun
    EventLog.Cursor at(OptionalLong position) throws Exception;
  }

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
      Beginning beginning,
      Supplier<? extends Sink> sinks,
      int batch,
      LongConsumer progress,
      Optional<Component> component,
      LongSupplier nanoTime) {
    this.name = name;
    this.beginning = beginning;
    this.sinks = sinks;
    this.batch = batch;
    this.progress = progress;
    this.component = component;
    this.nanoTime = nanoTime;
    this.movedNanos = nanoTime.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("pump-" + name).unstarted(this::run);
  }

  /// Starts one.
  ///
  /// @param nanoTime monotonic time, for [#stuck]
  public static Pump start(String name, EventLog.Cursor cursor, Sink sink, LongSupplier nanoTime) {
    return start(name, _ -> cursor, sink, 512, _ -> {}, nanoTime);
  }

  /// Starts one whose progress is of interest.
  ///
  /// @param beginning where to begin
  /// @param batch how many records the sink is handed at once, at most
  /// @param progress takes the number to go on with, each time the sink has taken what was before
  /// @param nanoTime monotonic time, for [#stuck]
  public static Pump start(
      String name,
      Beginning beginning,
      Sink sink,
      int batch,
      LongConsumer progress,
      LongSupplier nanoTime) {
    return start(
        new Pump(name, beginning, () -> sink, batch, progress, Optional.empty(), nanoTime));
  }

  /// Starts one that goes on after a failure.
  ///
  /// @param beginning where to begin, and after a failure to go on
  /// @param sinks makes the sink, and another one after each failure
  /// @param batch how many records the sink is handed at once, at most
  /// @param progress takes the number to go on with, each time the sink has taken what was before
  /// @param component what failures are reported to
  /// @param nanoTime monotonic time, for [#stuck]
  public static Pump supervised(
      Beginning beginning,
      Supplier<? extends Sink> sinks,
      int batch,
      LongConsumer progress,
      Component component,
      LongSupplier nanoTime) {
    return start(
        new Pump(
            component.name(), beginning, sinks, batch, progress, Optional.of(component), nanoTime));
  }

  private static Pump start(Pump pump) {
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

  /// Whether its sink has failed, and another one has not begun yet.
  public boolean isRestarting() {
    return component.isPresent() && !component.get().isUp();
  }

  /// How many records are lost at its sink: it was never handed them, because the log had moved
  /// past it, or it could not pass them on.
  public long lost() {
    Sink now = current;
    return lost + lostBefore + (now == null ? 0 : now.lost());
  }

  /// Has a sink that is blocked give up, and leaves to the log what it has not taken.
  public void interrupt() {
    interrupted = true;
    thread.interrupt();
  }

  /// Completes when it has ended, whichever way.
  public CompletableFuture<Ending> ending() {
    return ending;
  }

  private void run() {
    try {
      Optional<Ending> end = attempt();
      while (end.isEmpty()) {
        end = attempt();
      }
      ending.complete(end.get());
    } catch (InterruptedException e) {
      ending.complete(new Ending.Failed(new IOException("interrupted", e)));
    } catch (Exception | Error e) {
      ending.completeExceptionally(e);
    }
  }

  /// Pumps until the end; empty if that has failed and is to be done again.
  private Optional<Ending> attempt() throws Exception {
    Sink sink = null;
    try {
      sink = begun(sinks.get());
      Ending end = pump(sink);
      sink.close();
      return Optional.of(end);
    } catch (Exception | Error e) {
      if (component.isPresent() && !interrupted) {
        // Said first: to let go may take some seconds.
        Duration wait = component.get().failed(e);
        abandon(sink, e);
        component.get().pause(wait);
        return Optional.empty();
      }
      abandon(sink, e);
      if (e instanceof IOException failed) {
        return Optional.of(new Ending.Failed(failed));
      }
      throw e;
    }
  }

  private Sink begun(Sink sink) {
    Sink before = current;
    if (before != null && before != sink) {
      long sum = lostBefore + before.lost();
      lostBefore = sum;
    }
    current = sink;
    return sink;
  }

  private static void abandon(Sink sink, Throwable cause) {
    try {
      if (sink != null) {
        sink.abandon("failed: " + cause);
      }
    } catch (Exception | Error e) {
      cause.addSuppressed(e);
    }
  }

  private Ending pump(Sink sink) throws Exception {
    EventLog.Cursor cursor = beginning.at(position());
    position = cursor.position();
    movedNanos = nanoTime.getAsLong();
    try {
      return pump(cursor, sink);
    } finally {
      cursor.leave();
    }
  }

  private Ending pump(EventLog.Cursor cursor, Sink sink) throws Exception {
    while (true) {
      long from = cursor.position();
      boolean isUnderWay = sink.isUnderWay();
      Optional<List<Entry>> entries = cursor.take(batch, isUnderWay ? Duration.ZERO : PATIENCE);
      if (isUnderWay && entries.filter(taken -> !taken.isEmpty()).isEmpty()) {
        sink.settle();
        arrived(cursor, from);
        continue;
      }
      if (entries.isEmpty()) {
        return new Ending.Drained();
      }
      movedNanos = nanoTime.getAsLong();
      if (entries.get().isEmpty()) {
        sink.idle();
        component.ifPresent(Component::works);
        continue;
      }
      Sink.Appetite appetite = sink.hand(entries.get());
      countLost(from, entries.get());
      arrived(cursor, sink.isUnderWay() ? from : cursor.position());
      if (appetite == Sink.Appetite.ENOUGH) {
        return new Ending.Satisfied();
      }
    }
  }

  private void arrived(EventLog.Cursor cursor, long next) {
    position = next;
    cursor.acknowledge(next);
    movedNanos = nanoTime.getAsLong();
    progress.accept(next);
    component.ifPresent(Component::works);
  }

  /// An `events-lost` that a cursor made stands for all numbers since the entry before.
  private void countLost(long from, List<Entry> entries) {
    long next = from;
    for (Entry entry : entries) {
      boolean isNew = entry.seq() >= counted;
      if (isNew && entry.kind() == Kind.EVENTS_LOST && ofLog(entry.event(), next, entry.seq())) {
        long gone = lost + (entry.event() instanceof EventsLost gap ? gap.count().orElse(0) : 0);
        lost = gone;
      }
      next = entry.seq() + 1;
    }
    counted = Math.max(counted, next);
  }

  private static boolean ofLog(NamespaceEvent event, long first, long last) {
    return event instanceof EventsLost gap
        && gap.first().orElse(0) == first
        && gap.last().orElse(0) == last;
  }
}
