package dev.nsmon.kafka;

/// Client properties that can't be used. The message is one line for people, without secrets.
public final class BadPropertiesException extends Exception {
  private static final long serialVersionUID = 1;

  /// @param message what is wrong, and where
  public BadPropertiesException(String message) {
    super(message);
  }
}
