package dev.nsmon.websocket;

/// Wire formats of a record.
enum Framing {
  /// A WebSocket text frame with our JSON record.
  JSON,
  /// A WebSocket text frame with a structured CloudEvent.
  CLOUDEVENTS,
  /// A Server-Sent Event with our JSON record, as a chunk of an HTTP/1.1 body.
  SERVER_SENT
}
