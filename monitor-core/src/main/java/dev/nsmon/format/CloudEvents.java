package dev.nsmon.format;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;
import java.util.Optional;

/// The CloudEvents 1.0 attributes of a record, for the JSON format and for headers.
public final class CloudEvents {
  public static final String VERSION = "1.0";

  /// Media type of the data.
  public static final String CONTENT_TYPE = "application/json";

  /// Media type of a structured event: attributes and data in one JSON object.
  public static final String STRUCTURED_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final int SEQUENCE_DIGITS = 20;

  private CloudEvents() {}

  /// The `source` attribute: the host. With the id it identifies the event.
  public static String source(Host host) {
    return "urn:nsmon:" + host.key();
  }

  /// The `id` attribute; the same whenever the record is sent again.
  public static String id(String stream, long seq) {
    return stream + "/" + seq;
  }

  public static String type(Kind kind) {
    return "dev.nsmon." + kind;
  }

  /// The `sequence` extension, padded with zeros because it is compared as text.
  public static String sequence(long seq) {
    String digits = Long.toString(seq);
    return "0".repeat(SEQUENCE_DIGITS - digits.length()) + digits;
  }

  /// The `subject` attribute: the key of the event's namespace; empty if the event is about a
  /// process or the stream.
  public static Optional<String> subject(NamespaceEvent event) {
    return switch (event) {
      case Created created -> Optional.of(created.namespace().key());
      case Destroyed destroyed -> Optional.of(destroyed.namespace().key());
      case Joined _, Left _, Synced _, EventsLost _, Other _ -> Optional.empty();
    };
  }
}
