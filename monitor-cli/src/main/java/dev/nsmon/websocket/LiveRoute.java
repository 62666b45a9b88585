package dev.nsmon.websocket;

import java.time.Duration;

/// `/livez`: 200 if the monitor's thread returns the state within some seconds, else 503. During a
/// scan it returns nothing, so a scan that takes longer also gives 503.
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
