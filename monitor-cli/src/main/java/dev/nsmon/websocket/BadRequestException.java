package dev.nsmon.websocket;

/// A request can't be understood. The message is one line: what was wrong, and what would be right.
public final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadRequestException(String message) {
    super(message);
  }
}
