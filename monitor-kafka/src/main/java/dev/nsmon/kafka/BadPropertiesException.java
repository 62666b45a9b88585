package dev.nsmon.kafka;

/// Thrown for Kafka client properties that can't be used. The message is one line for people,
/// without secrets.
public final class BadPropertiesException extends Exception {
  private static final long serialVersionUID = 1;

  private final String property;

  /// @param property the name of the wrong property; "" if the error concerns more than one or none
  /// @param message what is wrong, and where
  public BadPropertiesException(String property, String message) {
    super(message);
    this.property = property;
  }

  /// The name of the wrong property; "" if the error concerns more than one or none.
  public String property() {
    return property;
  }
}
