package dev.nsmon.journal;

import dev.nsmon.event.HostState;
import dev.nsmon.format.Host;
import java.time.Instant;

/// What there was on the host after some event.
///
/// @param state as far as the events that are left tell
/// @param host the host of that run; its boot id tells whether ids and pids still mean the same
/// @param time of the event, or of the last look that was noted after it
/// @param initial whether it has processes that merely live in the initial namespaces
/// @param run number of the monitor's run that told the event
public record LastState(HostState state, Host host, Instant time, boolean initial, long run) {

  /// The boot that the state is of.
  public String bootId() {
    return host.bootId();
  }
}
