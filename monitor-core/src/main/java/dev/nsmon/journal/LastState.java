package dev.nsmon.journal;

import dev.nsmon.event.HostState;
import dev.nsmon.format.Host;
import java.time.Instant;

/// The state of the host after an event, as read from a journal.
///
/// @param state as far as the remaining events and checkpoints determine it
/// @param host the host of that run; namespace ids and pids are valid for its boot only
/// @param time time of the event, or of the last scan that was stored after it
/// @param initial whether it has processes that are only in the initial namespaces
/// @param run number of the monitor's run that emitted the event
public record LastState(HostState state, Host host, Instant time, boolean initial, long run) {

  /// The boot id of the host at that time.
  public String bootId() {
    return host.bootId();
  }
}
