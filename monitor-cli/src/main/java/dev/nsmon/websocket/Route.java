package dev.nsmon.websocket;

/// Answers the requests for one path. The one way to put something beside the stream.
///
/// It is called on a virtual thread of its own, by several at a time, and may wait for the monitor.
@FunctionalInterface
public interface Route {

  Response answer(Request request) throws InterruptedException;
}
