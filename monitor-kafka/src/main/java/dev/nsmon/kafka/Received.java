package dev.nsmon.kafka;

/// A record that was read elsewhere: what stands there, and what it says.
///
/// @param <T> what it says
public final class Received<T> {
  private final byte[] json;
  private final T told;

  public Received(byte[] json, T told) {
    this.json = json;
    this.told = told;
  }

  /// As it stands there; not to be changed.
  public byte[] json() {
    return json;
  }

  /// What it says.
  public T told() {
    return told;
  }
}
