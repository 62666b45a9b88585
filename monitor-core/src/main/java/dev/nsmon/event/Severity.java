package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;

/// The severity of an event, for formats that have a scale for it. In ascending order.
public enum Severity {
  /// Normal operation.
  INFORMATIONAL,
  /// To be checked: a process in another container's namespace, or a loss in the stream.
  MEDIUM,
  /// A process in a container has joined a namespace of the host.
  HIGH,
  /// No system call allows it, so the kernel itself was probably exploited.
  CRITICAL;

  /// The severity of this event; of several reasons for attention the most severe counts.
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
