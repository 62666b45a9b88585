package dev.nsmon.cli;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.journal.Journal;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A monitor, the journal of what it tells, and the sinks and the server that carry it on, from
/// start to end, of which the service manager is told.
final class Serving {
  /// How long the end waits for sinks to take what is left. What they have not taken is in the
  /// journal.
  private static final long FLUSH_MILLIS = 8_000;

  /// How often the journal notes until when the host has been looked at.
  private static final Duration NOTE = Duration.ofSeconds(10);

  private final Monitor monitor;
  private final EventLog log;
  private final Optional<Journal> journal;
  private final boolean includeInitial;
  private final List<Publisher> publishers;
  private final Optional<Listening> listening;
  private final ServiceManager manager;
  private final HostClock clock;
  private final List<Pump> pumps = new CopyOnWriteArrayList<>();

  /// Where records go.
  ///
  /// @param name what it is called, and its cursor in the journal
  /// @param lasting whether it goes on after a restart where it was; else it begins with what comes
  /// @param batch how many records it takes at once, at most
  record Publisher(String name, boolean lasting, Sink sink, int batch) {}

  Serving(
      Monitor monitor,
      EventLog log,
      Optional<Journal> journal,
      boolean includeInitial,
      List<Publisher> publishers,
      Optional<Listening> listening,
      ServiceManager manager,
      HostClock clock) {
    this.clock = clock;
    this.monitor = monitor;
    this.log = log;
    this.journal = journal;
    this.includeInitial = includeInitial;
    this.publishers = publishers;
    this.listening = listening;
    this.manager = manager;
  }

  /// Runs until the monitor ends by itself.
  void run() throws InterruptedException {
    long begin = log.nextSeq();
    journal.ifPresent(one -> one.start(log, monitor::present, includeInitial));
    if (journal.filter(Journal::wasSetAside).isPresent()) {
      log.append(List.of(lostJournal()));
    }
    for (Publisher publisher : publishers) {
      pumps.add(start(publisher, begin));
    }
    monitor.start();
    manager.start();
    Thread noting = Thread.ofPlatform().daemon().name("look-times").start(this::note);
    monitor.join();
    noting.interrupt();
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

  private Pump start(Publisher publisher, long begin) {
    if (!publisher.lasting()) {
      return Pump.start(
          publisher.name(),
          () -> log.from(begin),
          publisher.sink(),
          publisher.batch(),
          _ -> {},
          clock::nanoTime);
    }
    return Pump.start(
        publisher.name(),
        () -> log.from(place(publisher.name(), begin)),
        publisher.sink(),
        publisher.batch(),
        next -> journal.ifPresent(one -> one.cursor(publisher.name(), next)),
        clock::nanoTime);
  }

  /// Where a sink goes on. One that the journal does not know begins with the oldest that is left.
  private long place(String name, long begin) throws IOException {
    if (journal.isEmpty()) {
      return begin;
    }
    OptionalLong known = journal.get().cursor(name);
    if (known.isPresent()) {
      return known.getAsLong();
    }
    List<Entry> oldest = journal.get().read(1, 1);
    return oldest.isEmpty() ? begin : oldest.getFirst().seq();
  }

  private void note() {
    try {
      while (true) {
        clock.sleep(NOTE);
        Present now = monitor.present();
        journal.ifPresent(one -> one.looked(now.snapshot().time()));
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  /// What carries records, as far as it has been started. Any thread may ask.
  List<Pump> pumps() {
    return pumps;
  }

  /// Ends it in order: the monitor, then the sinks, which have some seconds, then the server and
  /// the journal.
  void end() {
    manager.ends();
    monitor.stop();
    try {
      monitor.join();
      long deadline = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
      for (Pump pump : pumps) {
        await(pump, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listening.ifPresent(Listening::close);
    journal.ifPresent(Journal::close);
  }

  private void await(Pump pump, long deadline) throws InterruptedException {
    try {
      pump.ending().get(Math.max(0, deadline - clock.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      pump.interrupt();
    } catch (ExecutionException e) {
      Words.say("a sink has failed, which is a bug: " + e.getCause());
    }
  }
}
