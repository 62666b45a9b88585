package dev.nsmon.websocket;

import java.time.Duration;

/// `/livez`: whether the monitor's thread works, which it shows by answering. A monitor that is at
/// its first look has some seconds for it.
final class LiveRoute implements Route {
  private final SharedPresent present;
  private final Duration patience;

  LiveRoute(SharedPresent present, Duration patience) {
    this.present = present;
    this.patience = patience;
  }

  @Override
  public Response answer(Request request) throws InterruptedException {
    return present.within(patience).isPresent()
        ? Response.text(200, "ok")
        : Response.text(
            503, "the monitor has not answered for " + patience.toMillis() / 1000.0 + " s");
  }
}
