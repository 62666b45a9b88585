package dev.nsmon.kafka;

/// A record read from a Kafka topic or from another nsmon: its JSON and the parsed value.
///
/// @param <T> the type of the parsed value
public final class Received<T> {
  private final byte[] json;
  private final T told;

  public Received(byte[] json, T told) {
    this.json = json;
    this.told = told;
  }

  /// The JSON as received. The caller must not modify it.
  public byte[] json() {
    return json;
  }

  /// The parsed value.
  public T told() {
    return told;
  }
}
