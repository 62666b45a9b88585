package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.journal.Backlog;
import dev.nsmon.journal.Journal;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Component;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.Supervisor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/// The pumps of `serve`: one for each sink that carries the running stream, and one for each sink
/// that has not acknowledged all of an earlier stream, until it has. Any thread.
final class Pumps {
  private final EventLog log;
  private final Optional<Journal> journal;
  private final Supervisor supervisor;
  private final HostClock clock;
  private final List<Carrying> all = new CopyOnWriteArrayList<>();

  /// A pump and the stream that it carries.
  record Carrying(Pump pump, EventLog log) {}

  Pumps(EventLog log, Optional<Journal> journal, Supervisor supervisor, HostClock clock) {
    this.log = log;
    this.journal = journal;
    this.supervisor = supervisor;
    this.clock = clock;
  }

  /// All that run.
  List<Carrying> all() {
    return all;
  }

  /// Starts one for the stream of this monitor.
  ///
  /// @param begin the number of the first record that this run has to tell
  void start(Publisher publisher, long begin) {
    String name = publisher.name();
    Optional<Journal> kept = publisher.lasting() ? journal : Optional.empty();
    Carrying _ =
        start(
            publisher,
            log,
            () -> kept.map(one -> one.place(name, begin)).orElse(begin),
            next -> kept.ifPresent(one -> one.cursor(name, next)),
            supervisor.component(name));
  }

  /// @param first the number to begin with, unless the pump has begun already
  private Carrying start(
      Publisher publisher,
      EventLog from,
      Callable<Long> first,
      LongConsumer progress,
      Component component) {
    Pump pump =
        Pump.supervised(
            position -> from.from(position.isPresent() ? position.getAsLong() : first.call()),
            publisher.sink(),
            publisher.batch(),
            progress,
            component,
            clock::nanoTime);
    Carrying carrying = new Carrying(pump, from);
    all.add(carrying);
    return carrying;
  }

  /// Starts one for an earlier stream, if the sink has not acknowledged all of it. It is removed
  /// when it has ended.
  void start(Publisher publisher, Backlog backlog) {
    String name = publisher.name();
    if (!publisher.lasting() || !isWaiting(backlog, name)) {
      return;
    }
    Words.say(
        "%s has not had all of the earlier stream %s: the rest is delivered too"
            .formatted(name, backlog.stream()));
    Component component = supervisor.component(name + " (stream " + backlog.stream() + ")");
    Carrying carrying =
        start(
            publisher,
            backlog.log(),
            () -> backlog.place(name),
            next -> backlog.cursor(name, next),
            component);
    var _ =
        carrying
            .pump()
            .ending()
            .thenRun(
                () -> {
                  all.remove(carrying);
                  supervisor.remove(component);
                });
  }

  private static boolean isWaiting(Backlog backlog, String name) {
    try {
      return backlog.place(name) < backlog.log().nextSeq();
    } catch (IOException e) {
      // Found out by the pump, once it can be read.
      return true;
    }
  }

  /// Waits until all have carried what is left, or this time has come; those that have not then
  /// give up.
  void end(long deadlineNanos) throws InterruptedException {
    for (Carrying one : all) {
      try {
        long left = Math.max(0, deadlineNanos - clock.nanoTime());
        Pump.Ending _ = one.pump().ending().get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        one.pump().interrupt();
      } catch (ExecutionException e) {
        Words.say("a sink has failed, which is a bug: " + e.getCause());
      }
    }
  }
}
