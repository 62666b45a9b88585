package dev.nsmon.websocket;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
/// @param searchBehind for how long a search for what holds namespaces has been under way that
///   should have ended by now; zero if there is none
/// @param clients counts of the clients of the listener
/// @param journal empty if none is wanted
/// @param components what the service consists of, with what has failed of it
/// @param pace the longest time between two looks
public record Condition(
    long seq,
    Optional<Instant> lastLook,
    List<Looks> looks,
    Optional<Feeding> feeding,
    long overruns,
    long misses,
    Duration searchBehind,
    List<Carried> sinks,
    Clients clients,
    Optional<Kept> journal,
    List<Part> components,
    Duration pace) {

  /// How the journal does.
  ///
  /// @param works whether events are written
  /// @param why if not
  /// @param bytes how much room it takes
  public record Kept(boolean works, Optional<String> why, long bytes) {}

  /// The clients of the server.
  ///
  /// @param now how many follow the stream
  /// @param slow how many were disconnected because they took nothing
  /// @param silent how many were disconnected because they did not answer pings
  /// @param refusedTokens how many requests have shown a token that is not the right one
  public record Clients(int now, long slow, long silent, long refusedTokens) {
    /// For a monitor without a listener.
    public static final Clients NONE = new Clients(0, 0, 0, 0);
  }

  /// A component.
  ///
  /// @param state not [State#ENDED]
  /// @param restarts how often it has failed and was started again
  /// @param reason why it failed last, or is blocked; empty if neither
  public record Part(String name, State state, long restarts, Optional<String> reason) {}

  /// What is not as it should be, each in words for people; empty if all is well.
  public List<String> problems() {
    List<String> all = new ArrayList<>();
    feeding
        .filter(one -> !one.up())
        .ifPresent(one -> all.add("only polling: " + one.why().orElse(one.source() + " is down")));
    journal
        .filter(one -> !one.works())
        .ifPresent(one -> all.add("journal: " + one.why().orElse("does not write")));
    for (Carried one : sinks) {
      if (one.state() != State.RUNNING) {
        String waiting =
            one.lag().isPresent() ? ", " + one.lag().getAsLong() + " records wait" : "";
        all.add(one.sink() + ": " + one.state() + waiting);
      }
    }
    for (Part one : components) {
      String reason = one.reason().map(": "::concat).orElse("");
      if (one.state() == State.STALLED) {
        all.add(one.name() + ": stalled" + reason);
      } else if (one.restarts() > 0) {
        all.add(
            "%s: %s (restarts: %d)%s"
                .formatted(
                    one.name(),
                    one.state() == State.RUNNING ? "restarted" : "failing",
                    one.restarts(),
                    reason));
      }
    }
    return all;
  }

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
  /// @param why it is down; empty if it is up
  public record Feeding(String source, boolean up, Instant since, Optional<String> why) {}

  /// How a sink keeps up.
  ///
  /// @param lag how many records wait for it; empty before it has begun
  /// @param lost how many it was never handed
  public record Carried(String sink, State state, OptionalLong lag, long lost) {}

  /// What a sink or a component is at.
  public enum State {
    RUNNING("running"),
    /// A sink: records wait, and it has taken none for a while. A component: it is blocked.
    STALLED("stalled"),
    /// It has failed, and is started again.
    RESTARTING("restarting"),
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
