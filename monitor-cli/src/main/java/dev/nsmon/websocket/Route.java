package dev.nsmon.websocket;

/// Answers the requests for one path. The one way to put something beside the stream.
///
/// It is called on a virtual thread of its own, by several at a time, and may wait for the monitor.
@FunctionalInterface
public interface Route {

  Response answer(Request request) throws InterruptedException;

  /// Whether it answers also those who show no token where one is demanded.
  default boolean isOpen() {
    return false;
  }

  /// The same, open to all.
  static Route open(Route route) {
    return new Route() {
      @Override
      public Response answer(Request request) throws InterruptedException {
        return route.answer(request);
      }

      @Override
      public boolean isOpen() {
        return true;
      }
    };
  }
}
