package dev.nsmon.websocket;

/// Thrown if a request is invalid. The message is one line: what is wrong, and what would be right.
public final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadRequestException(String message) {
    super(message);
  }
}
