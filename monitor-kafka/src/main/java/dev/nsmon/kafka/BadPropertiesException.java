package dev.nsmon.kafka;

/// Client properties that can't be used. The message is one line for people, without secrets.
public final class BadPropertiesException extends Exception {
  private static final long serialVersionUID = 1;

  private final String property;

  /// @param property the name of the one that is wrong; "" where it is none alone
  /// @param message what is wrong, and where
  public BadPropertiesException(String property, String message) {
    super(message);
    this.property = property;
  }

  /// The name of the one that is wrong; "" where it is none alone.
  public String property() {
    return property;
  }
}
