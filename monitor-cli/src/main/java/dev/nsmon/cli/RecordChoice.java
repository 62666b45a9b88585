package dev.nsmon.cli;

import dev.nsmon.format.CefFormat;
import dev.nsmon.format.CloudEventsFormat;
import dev.nsmon.format.EcsFormat;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.OcsfFormat;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.format.TextFormat;
import java.util.Locale;

/// The values of `--output` for commands that print events.
enum RecordChoice {
  TEXT,
  JSON,
  CLOUDEVENTS,
  ECS,
  OCSF,
  CEF,
  SYSLOG;

  /// The format for records of this host and stream.
  ///
  /// @param text the format for [#TEXT]
  EventFormat format(Host host, String stream, TextFormat text) {
    return switch (this) {
      case TEXT -> text;
      case JSON -> new JsonFormat(host, stream);
      case CLOUDEVENTS -> new CloudEventsFormat(host, stream);
      case ECS -> new EcsFormat(host, stream);
      case OCSF -> new OcsfFormat(host, stream, RootCommand.version());
      case CEF -> new CefFormat(host, stream, RootCommand.version());
      case SYSLOG -> new SyslogFormat(host, stream);
    };
  }

  /// The value on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
