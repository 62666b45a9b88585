package dev.nsmon.websocket;

/// Answers the requests for one path. Everything that the server has besides the stream is a route.
///
/// Called on a virtual thread per request, by several threads at a time. May block, for example
/// until the monitor answers.
@FunctionalInterface
public interface Route {

  /// Answers a request that was admitted.
  ///
  /// @throws InterruptedException if the server closes meanwhile; the client gets 503
  Response answer(Request request) throws InterruptedException;

  /// Whether a request may come without a token where one is demanded.
  default boolean isOpen() {
    return false;
  }

  /// The same route, open to requests without a token.
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
