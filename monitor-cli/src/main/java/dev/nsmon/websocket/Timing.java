package dev.nsmon.websocket;

import java.time.Duration;

/// Time limits of clients.
///
/// @param ping interval of pings
/// @param stall how long a client may take no byte of an outstanding write
/// @param goodbye how long a client has to confirm a close frame
/// @param tick how often these limits are checked
record Timing(Duration ping, Duration stall, Duration goodbye, Duration tick) {
  static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));
}
