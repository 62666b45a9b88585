package dev.nsmon.websocket;

import dev.nsmon.event.EventFilter;
import java.util.Optional;

/// What a client wants of the stream.
///
/// @param since after which record to go on; empty for the state, then what comes
public record Subscription(EventFilter filter, Form form, Optional<Since> since) {

  /// How records look.
  public enum Form {
    /// Our own JSON record.
    JSON,
    /// Structured CloudEvents 1.0, the subprotocol `cloudevents.json`.
    CLOUDEVENTS
  }

  /// A place in a stream.
  ///
  /// @param stream empty if the client did not name one: then it is taken to be the present one
  /// @param seq number of the last record that the client has
  public record Since(Optional<String> stream, long seq) {}
}
