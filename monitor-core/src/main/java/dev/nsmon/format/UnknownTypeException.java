package dev.nsmon.format;

import java.io.IOException;

/// A record names a namespace of a type that this version does not know. [JsonReader] then keeps
/// the record as a whole.
final class UnknownTypeException extends IOException {
  private static final long serialVersionUID = 1;

  UnknownTypeException(String message) {
    super(message);
  }
}
