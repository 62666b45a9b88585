package dev.nsmon.sink;

import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Carries records from a cursor in the log to a sink, on a virtual thread of its own, until the
/// log ends or the sink does.
public final class Pump {
  private static final int BATCH = 512;

  private final EventLog.Cursor cursor;
  private final Sink sink;
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

  private Pump(String name, EventLog.Cursor cursor, Sink sink) {
    this.cursor = cursor;
    this.sink = sink;
    this.thread = Thread.ofPlatform().daemon().name("pump-" + name).unstarted(this::run);
  }

  /// Starts one.
  public static Pump start(String name, EventLog.Cursor cursor, Sink sink) {
    Pump pump = new Pump(name, cursor, sink);
    pump.thread.start();
    return pump;
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
    } catch (RuntimeException | Error e) {
      ending.completeExceptionally(e);
      throw e;
    }
    ending.complete(end);
  }

  private Ending pump() throws IOException, InterruptedException {
    while (true) {
      Optional<List<Entry>> batch = cursor.take(BATCH);
      if (batch.isEmpty()) {
        return new Ending.Drained();
      }
      if (sink.write(batch.get()) == Sink.Appetite.ENOUGH) {
        return new Ending.Satisfied();
      }
    }
  }
}
