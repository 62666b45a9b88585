package dev.nsmon.cli;

import dev.nsmon.journal.Journal;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.MonitorStats;
import dev.nsmon.sink.Pump;
import dev.nsmon.websocket.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Collects in what condition all parts are. Any thread may ask.
final class ServingCondition implements Supplier<Condition> {
  /// A sink that took as long as this for what it was handed does not keep up.
  private static final Duration STALLED = Duration.ofSeconds(10);

  private final MonitorStats stats;
  private final EventLog log;
  private final Optional<Journal> journal;
  private final Supplier<List<Pump>> pumps;
  private final IntSupplier clients;

  ServingCondition(
      MonitorStats stats,
      EventLog log,
      Optional<Journal> journal,
      Supplier<List<Pump>> pumps,
      IntSupplier clients) {
    this.stats = stats;
    this.log = log;
    this.journal = journal;
    this.pumps = pumps;
    this.clients = clients;
  }

  @Override
  public Condition get() {
    long next = log.nextSeq();
    return new Condition(
        next - 1,
        stats.lastLook(),
        List.of(looks("full", stats.looks()), looks("comparison", stats.comparisons())),
        stats
            .feeding()
            .map(one -> new Condition.Feeding(one.source().toString(), one.up(), one.since())),
        stats.overruns(),
        stats.missed(),
        pumps.get().stream().map(pump -> carried(pump, next)).toList(),
        clients.getAsInt(),
        journal.isPresent() ? OptionalLong.of(journal.get().bytes()) : OptionalLong.empty());
  }

  private static Condition.Looks looks(String scope, MonitorStats.Times times) {
    return new Condition.Looks(scope, times.bounds(), times.counts(), times.seconds());
  }

  private static Condition.Carried carried(Pump pump, long next) {
    OptionalLong position = pump.position();
    OptionalLong lag =
        position.isPresent()
            ? OptionalLong.of(Math.max(0, next - position.getAsLong()))
            : OptionalLong.empty();
    return new Condition.Carried(pump.name(), state(pump, lag), lag, pump.lost());
  }

  private static Condition.State state(Pump pump, OptionalLong lag) {
    if (pump.ending().isDone()) {
      return Condition.State.ENDED;
    }
    boolean waits = lag.isEmpty() || lag.getAsLong() > 0;
    return waits && pump.stuck().compareTo(STALLED) > 0
        ? Condition.State.STALLED
        : Condition.State.RUNNING;
  }
}
