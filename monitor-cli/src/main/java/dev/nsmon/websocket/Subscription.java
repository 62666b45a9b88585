package dev.nsmon.websocket;

import dev.nsmon.event.EventFilter;
import java.util.Optional;

/// Which records a client requests, and how they are encoded.
///
/// @param since record to continue after; empty to begin with the present state
public record Subscription(EventFilter filter, Form form, Optional<Since> since) {

  /// Encoding of records.
  public enum Form {
    /// Our own JSON record.
    JSON,
    /// Structured CloudEvents 1.0, the subprotocol `cloudevents.json`.
    CLOUDEVENTS
  }

  /// Position in a stream.
  ///
  /// @param stream empty if the client did not name one, which means the present one
  /// @param seq number of the last record that the client has
  public record Since(Optional<String> stream, long seq) {}
}
