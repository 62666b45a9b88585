package dev.nsmon.cli;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.journal.Backlog;
import dev.nsmon.journal.Journal;
import dev.nsmon.journal.Parent;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Component;
import dev.nsmon.sink.Sink;
import dev.nsmon.sink.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// A monitor, the journal of what it tells, and the sinks and the server that carry it on, from
/// start to end, of which the service manager is told.
final class Serving {
  /// How long the end waits for sinks to take what is left. What they have not taken is in the
  /// journal.
  private static final long FLUSH_MILLIS = 8_000;

  /// How often it is seen to that the journal's disk answers.
  private static final Duration WATCH = Duration.ofSeconds(1);

  /// After so many times the journal notes until when the host has been looked at.
  private static final int NOTE = 10;

  private final Monitor monitor;
  private final EventLog log;
  private final Optional<Journal> journal;
  private final boolean includeInitial;
  private final List<Publisher> publishers;
  private final Function<Backlog, List<Publisher>> beside;
  private final Optional<Listening> listening;
  private final ServiceManager manager;
  private final Supervisor supervisor;
  private final HostClock clock;

  private final Pumps pumps;

  /// Where records go.
  ///
  /// @param name what it is called, and its cursor in the journal
  /// @param lasting whether it goes on after a restart where it was; else it begins with what comes
  /// @param batch how many records it takes at once, at most
  /// @param sink makes it, and another one after each failure
  record Publisher(String name, boolean lasting, Supplier<? extends Sink> sink, int batch) {}

  /// @param beside makes what publishes an earlier stream, quickly
  Serving(
      Monitor monitor,
      EventLog log,
      Optional<Journal> journal,
      boolean includeInitial,
      List<Publisher> publishers,
      Function<Backlog, List<Publisher>> beside,
      Optional<Listening> listening,
      ServiceManager manager,
      Pumps pumps,
      Supervisor supervisor,
      HostClock clock) {
    this.pumps = pumps;
    this.supervisor = supervisor;
    this.clock = clock;
    this.monitor = monitor;
    this.log = log;
    this.journal = journal;
    this.includeInitial = includeInitial;
    this.publishers = publishers;
    this.beside = beside;
    this.listening = listening;
    this.manager = manager;
  }

  /// Runs until the monitor ends by itself.
  void run() throws InterruptedException {
    long begin = journal.map(Journal::begin).orElse(log.nextSeq());
    journal.ifPresent(
        one -> one.start(log, monitor::present, includeInitial, parent(), this::resume));
    if (journal.filter(Journal::wasSetAside).isPresent()) {
      log.append(List.of(lostJournal()));
    }
    for (Publisher publisher : publishers) {
      pumps.start(publisher, begin);
    }
    monitor.start();
    manager.start(supervisor);
    Thread checking = supervisor.start(ServePart.STANDSTILL.toString(), monitor.standstill()::run);
    Thread noting = supervisor.start(ServePart.LOOK_TIMES.toString(), this::note);
    monitor.join();
    noting.interrupt();
    checking.interrupt();
  }

  /// Has sinks handed what they have not had of an earlier stream.
  private void resume(Backlog backlog) {
    for (Publisher publisher : beside.apply(backlog)) {
      pumps.start(publisher, backlog);
    }
  }

  /// What a journal held that was damaged: nobody knows how much.
  private EventsLost lostJournal() {
    return new EventsLost(
        new Sighting(clock.instant(), Optional.empty(), Source.BASELINE),
        EventsLost.Where.LOG,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /// What the journal's threads report to when no disk has made them fail.
  private Parent parent() {
    Component component = supervisor.component(ServePart.JOURNAL.toString());
    return new Parent() {
      @Override
      public Duration failed(Throwable cause) {
        return component.failed(cause);
      }

      @Override
      public void works() {
        component.works();
      }
    };
  }

  private void note() throws InterruptedException {
    CompletableFuture<Void> noted = CompletableFuture.completedFuture(null);
    for (int i = 1; true; i++) {
      clock.sleep(WATCH);
      journal.ifPresent(Journal::watch);
      // A monitor that is blocked does not answer, and the disk is to be watched nevertheless.
      if (i % NOTE == 0 && noted.isDone()) {
        noted.join();
        noted = CompletableFuture.runAsync(this::noteLook, Thread::startVirtualThread);
      }
    }
  }

  private void noteLook() {
    Present now = monitor.present();
    journal.ifPresent(one -> one.looked(now.snapshot().time()));
  }

  /// Ends it in order: the monitor, then the sinks, which have some seconds, then the server and
  /// the journal.
  void end() {
    manager.ends();
    monitor.stop();
    try {
      monitor.join();
      journal.ifPresent(one -> monitor.born().ifPresent(ids -> one.born(ids.toString())));
      long deadline = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
      pumps.end(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listening.ifPresent(Listening::close);
    journal.ifPresent(Journal::close);
  }
}
