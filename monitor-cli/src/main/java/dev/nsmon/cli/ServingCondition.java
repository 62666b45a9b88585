package dev.nsmon.cli;

import dev.nsmon.event.Source;
import dev.nsmon.journal.Journal;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.MonitorStats;
import dev.nsmon.monitor.Standstill;
import dev.nsmon.sink.Component;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.Supervisor;
import dev.nsmon.websocket.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Collects in what condition all parts are. Any thread may ask.
///
/// @param standstill whether the monitor is blocked
/// @param journal empty if there is none, be it that none is wanted or that it is another monitor's
/// @param journalWanted whether there should be one
/// @param clients counts of the clients of the listener
/// @param pace the longest time between two looks
record ServingCondition(
    MonitorStats stats,
    Standstill standstill,
    EventLog log,
    Optional<Journal> journal,
    boolean journalWanted,
    Supplier<List<Pumps.Carrying>> pumps,
    Supervisor supervisor,
    Supplier<Condition.Clients> clients,
    Duration pace)
    implements Supplier<Condition> {
  /// A sink that has taken nothing of what waits for it for so long does not keep up. It is shown
  /// two seconds after the last acknowledgement.
  private static final Duration STALLED = Duration.ofMillis(1500);

  @Override
  public Condition get() {
    long next = log.nextSeq();
    return new Condition(
        next - 1,
        stats.lastLook(),
        List.of(looks("full", stats.looks()), looks("comparison", stats.comparisons())),
        stats
            .feeding()
            .map(
                one ->
                    new Condition.Feeding(
                        one.source().toString(), one.up(), one.since(), one.why())),
        stats.overruns(),
        stats.missed(),
        Duration.ofNanos(stats.searchBehindNanos()),
        pumps.get().stream().map(ServingCondition::carried).toList(),
        clients.get(),
        kept(),
        parts(),
        pace);
  }

  private Optional<Condition.Kept> kept() {
    if (journal.isEmpty()) {
      String why = "not in use: events are kept in memory only";
      return journalWanted
          ? Optional.of(new Condition.Kept(false, Optional.of(why), 0))
          : Optional.empty();
    }
    Optional<String> trouble = journal.get().trouble();
    return Optional.of(new Condition.Kept(trouble.isEmpty(), trouble, journal.get().bytes()));
  }

  private List<Condition.Part> parts() {
    List<Condition.Part> parts = new ArrayList<>();
    Optional<String> blocked = standstill.trouble();
    parts.add(new Condition.Part(ServePart.MONITOR.toString(), state(blocked), 0, blocked));
    stats
        .feeding()
        .filter(one -> one.source() != Source.POLL)
        .ifPresent(one -> parts.add(source(one)));
    for (Component one : supervisor.components()) {
      parts.add(new Condition.Part(one.name(), state(one.isUp()), one.restarts(), one.reason()));
    }
    return parts;
  }

  private Condition.Part source(MonitorStats.Feeding feeding) {
    return new Condition.Part(
        ServePart.SOURCE.toString(), state(feeding.up()), stats.feedFailures(), feeding.why());
  }

  private static Condition.Looks looks(String scope, MonitorStats.Times times) {
    return new Condition.Looks(scope, times.bounds(), times.counts(), times.seconds());
  }

  private static Condition.Carried carried(Pumps.Carrying one) {
    Pump pump = one.pump();
    long next = one.log().nextSeq();
    OptionalLong position = pump.position();
    OptionalLong lag =
        position.isPresent()
            ? OptionalLong.of(Math.max(0, next - position.getAsLong()))
            : OptionalLong.empty();
    return new Condition.Carried(pump.name(), state(pump, lag), lag, pump.lost());
  }

  private static Condition.State state(boolean up) {
    return up ? Condition.State.RUNNING : Condition.State.RESTARTING;
  }

  private static Condition.State state(Optional<String> blocked) {
    return blocked.isPresent() ? Condition.State.STALLED : Condition.State.RUNNING;
  }

  private static Condition.State state(Pump pump, OptionalLong lag) {
    if (pump.ending().isDone()) {
      return Condition.State.ENDED;
    }
    if (pump.isRestarting()) {
      return Condition.State.RESTARTING;
    }
    boolean waits = lag.isEmpty() || lag.getAsLong() > 0;
    return waits && pump.stuck().compareTo(STALLED) >= 0
        ? Condition.State.STALLED
        : Condition.State.RUNNING;
  }
}
