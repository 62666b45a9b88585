package dev.nsmon.websocket;

/// How records lie on the wire.
enum Framing {
  /// A WebSocket text frame with our JSON record.
  JSON,
  /// A WebSocket text frame with a structured CloudEvent.
  CLOUDEVENTS,
  /// A Server-Sent Event with our JSON record, as a chunk of an HTTP/1.1 body.
  SERVER_SENT
}
