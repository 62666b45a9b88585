package dev.nsmon.kafka;

/// A record that was taken from a topic: what stands there, and what it says.
///
/// @param <T> what it says
public final class Received<T> {
  private final byte[] json;
  private final T told;

  Received(byte[] json, T told) {
    this.json = json;
    this.told = told;
  }

  /// As it stands in the topic; not to be changed.
  public byte[] json() {
    return json;
  }

  /// What it says.
  public T told() {
    return told;
  }
}
