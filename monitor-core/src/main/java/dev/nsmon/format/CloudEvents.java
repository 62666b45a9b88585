package dev.nsmon.format;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Synced;
import java.util.Optional;

/// The attributes of CloudEvents 1.0 that a record is told with, be it in JSON or in headers.
public final class CloudEvents {
  public static final String VERSION = "1.0";

  /// Of the data.
  public static final String CONTENT_TYPE = "application/json";

  /// Of a record that has the attributes and the data.
  public static final String STRUCTURED_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final int SEQUENCE_DIGITS = 20;

  private CloudEvents() {}

  /// The host that tells it; with the id it names the event.
  public static String source(Host host) {
    return "urn:nsmon:" + host.key();
  }

  /// The same each time the record is sent.
  public static String id(String stream, long seq) {
    return stream + "/" + seq;
  }

  public static String type(Kind kind) {
    return "dev.nsmon." + kind;
  }

  /// The extension `sequence`, which is compared as text.
  public static String sequence(long seq) {
    String digits = Long.toString(seq);
    return "0".repeat(SEQUENCE_DIGITS - digits.length()) + digits;
  }

  /// The key of the namespace that it is about; empty if it is about a process or the stream.
  public static Optional<String> subject(NamespaceEvent event) {
    return switch (event) {
      case Created created -> Optional.of(created.namespace().key());
      case Destroyed destroyed -> Optional.of(destroyed.namespace().key());
      case Joined _, Left _, Synced _, EventsLost _ -> Optional.empty();
    };
  }
}
