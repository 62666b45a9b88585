package dev.nsmon.websocket;

import java.io.IOException;

/// A server has answered that it does not want a client.
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /// @param body what it says to that
  RefusedException(int status, String body) {
    super(body);
    this.status = status;
  }

  /// The status of HTTP.
  public int status() {
    return status;
  }
}
