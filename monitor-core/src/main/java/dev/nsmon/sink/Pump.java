package dev.nsmon.sink;

import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/// Carries records from a cursor in the log to a sink, on a thread of its own, until the log ends
/// or the sink does.
public final class Pump {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Callable<EventLog.Cursor> beginning;
  private final Sink sink;
  private final int batch;
  private final LongConsumer progress;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final Thread thread;

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
      LongConsumer progress) {
    this.beginning = beginning;
    this.sink = sink;
    this.batch = batch;
    this.progress = progress;
    this.thread = Thread.ofPlatform().daemon().name("pump-" + name).unstarted(this::run);
  }

  /// Starts one.
  public static Pump start(String name, EventLog.Cursor cursor, Sink sink) {
    return start(name, () -> cursor, sink, 512, _ -> {});
  }

  /// Starts one whose progress is of interest.
  ///
  /// @param beginning where to begin; asked on the pump's thread, and may take its time
  /// @param batch how many records the sink is handed at once, at most
  /// @param progress takes the number to go on with, each time the sink has taken what was before
  public static Pump start(
      String name,
      Callable<EventLog.Cursor> beginning,
      Sink sink,
      int batch,
      LongConsumer progress) {
    Pump pump = new Pump(name, beginning, sink, batch, progress);
    pump.thread.start();
    return pump;
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
    while (true) {
      Optional<List<Entry>> entries = cursor.take(batch, PATIENCE);
      if (entries.isEmpty()) {
        return new Ending.Drained();
      }
      if (entries.get().isEmpty()) {
        sink.idle();
        continue;
      }
      Sink.Appetite appetite = sink.write(entries.get());
      progress.accept(cursor.position());
      if (appetite == Sink.Appetite.ENOUGH) {
        return new Ending.Satisfied();
      }
    }
  }
}
