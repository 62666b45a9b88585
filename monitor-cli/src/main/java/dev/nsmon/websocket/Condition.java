package dev.nsmon.websocket;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// In what condition the monitor is, for probes and metrics.
///
/// @param seq number of the last record of the stream; 0 before the first
/// @param lastLook when the host was last looked at as a whole; empty before the first look is told
/// @param looks by what was looked at, how long looks took
/// @param feeding who tells of changes; empty before that is decided
/// @param overruns how often a push source had to drop records
/// @param misses how many changes looks have found that a push source should have told
/// @param clients how many follow the stream over the network
/// @param journalBytes how much room the journal takes; empty if there is none
public record Condition(
    long seq,
    Optional<Instant> lastLook,
    List<Looks> looks,
    Optional<Feeding> feeding,
    long overruns,
    long misses,
    List<Carried> sinks,
    int clients,
    OptionalLong journalBytes) {

  /// How long looks took.
  ///
  /// @param scope what was looked at, such as `full`
  /// @param bounds in seconds, rising
  /// @param counts of looks that took as long as each bound at most, and more than the one before;
  ///   the last of those that took longer than all
  /// @param seconds in all
  public record Looks(String scope, List<Double> bounds, List<Long> counts, double seconds) {}

  /// Who tells of changes.
  ///
  /// @param source such as `perf`; `poll` where nothing is pushed
  /// @param since when it came to be up, or down
  public record Feeding(String source, boolean up, Instant since) {}

  /// How a sink keeps up.
  ///
  /// @param lag how many records wait for it; empty before it has begun
  /// @param lost how many it was never handed
  public record Carried(String sink, State state, OptionalLong lag, long lost) {}

  /// What a sink is at.
  public enum State {
    RUNNING("running"),
    /// Records wait, and it has taken none for a while.
    STALLED("stalled"),
    /// It takes nothing any more.
    ENDED("ended");

    private final String text;

    State(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
