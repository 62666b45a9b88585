package dev.nsmon.event;

import dev.nsmon.namespace.Word;
import java.util.Optional;

/// A kind of record in the stream, by its name in JSON. The list is open: see [Word]. A record of
/// an unknown kind is a [NamespaceEvent.Other].
public final class Kind extends Word {
  public static final Kind NAMESPACE_CREATED = new Kind("namespace-created");
  public static final Kind PROCESS_JOINED = new Kind("process-joined");
  public static final Kind PROCESS_LEFT = new Kind("process-left");
  public static final Kind NAMESPACE_DESTROYED = new Kind("namespace-destroyed");
  public static final Kind SYNCED = new Kind("synced");
  public static final Kind EVENTS_LOST = new Kind("events-lost");

  private static final Kind[] KNOWN = {
    NAMESPACE_CREATED, PROCESS_JOINED, PROCESS_LEFT, NAMESPACE_DESTROYED, SYNCED, EVENTS_LOST
  };

  private Kind(String text) {
    super(text);
  }

  /// The kinds that this version knows.
  public static Kind[] values() {
    return KNOWN.clone();
  }

  /// True for a record about the stream itself, not about the host. No filter drops such a record.
  public boolean isControl() {
    return this == SYNCED || this == EVENTS_LOST;
  }

  /// The kind with this name, known or not.
  public static Kind of(String text) {
    Kind known = among(KNOWN, text);
    return known == null ? new Kind(text) : known;
  }

  /// The kind with this name; empty if this version does not know it.
  public static Optional<Kind> byName(String name) {
    return Optional.ofNullable(among(KNOWN, name));
  }
}
