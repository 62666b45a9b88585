package dev.nsmon.websocket;

import java.io.IOException;

/// Thrown if a server answers the WebSocket handshake with another status than 101.
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /// @param body body of the answer
  RefusedException(int status, String body) {
    super(body);
    this.status = status;
  }

  /// HTTP status of the answer.
  public int status() {
    return status;
  }
}
