package dev.nsmon.event;

import java.util.Optional;

/// The kinds of record in the stream, under the names that stand in its JSON.
public enum Kind {
  NAMESPACE_CREATED("namespace-created"),
  PROCESS_JOINED("process-joined"),
  PROCESS_LEFT("process-left"),
  NAMESPACE_DESTROYED("namespace-destroyed"),
  SYNCED("synced"),
  EVENTS_LOST("events-lost");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /// Whether it tells of the stream itself and not of the host. No filter hides such a record.
  public boolean isControl() {
    return this == SYNCED || this == EVENTS_LOST;
  }

  /// The kind with this name; empty if there is none.
  public static Optional<Kind> byName(String name) {
    for (Kind kind : values()) {
      if (kind.text.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// As it stands in the event.
  @Override
  public String toString() {
    return text;
  }
}
