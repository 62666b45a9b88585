package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;

/// How much an event matters, for formats that have a scale for it. In ascending order.
public enum Severity {
  /// What happens all the time.
  INFORMATIONAL,
  /// Something to look into: a container in another's namespace, or a loss in the stream.
  MEDIUM,
  /// A container in a namespace of the host.
  HIGH,
  /// What no system call allows, so that the kernel itself must have been tricked.
  CRITICAL;

  /// Of this event; of several reasons for attention the gravest counts.
  public static Severity of(NamespaceEvent event) {
    return switch (event) {
      case Joined joined ->
          joined.attention().stream()
              .map(Attention::severity)
              .max(Severity::compareTo)
              .orElse(INFORMATIONAL);
      case EventsLost _ -> MEDIUM;
      default -> INFORMATIONAL;
    };
  }
}
