package dev.nsmon.websocket;

import java.time.Duration;

/// How long clients are waited for.
///
/// @param ping how often they are asked whether they are there
/// @param stall how long one may take nothing of what waits for it
/// @param goodbye how long one has to answer a close
/// @param tick how often all this is looked at
record Timing(Duration ping, Duration stall, Duration goodbye, Duration tick) {
  static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));
}
