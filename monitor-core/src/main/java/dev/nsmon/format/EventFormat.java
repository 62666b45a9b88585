package dev.nsmon.format;

import dev.nsmon.event.NamespaceEvent;
import java.io.IOException;
import java.io.OutputStream;

/// A format for records of the stream, one line each.
public sealed interface EventFormat
    permits CefFormat,
        CloudEventsFormat,
        EcsFormat,
        JsonFormat,
        OcsfFormat,
        SyslogFormat,
        TextFormat {

  /// Writes one record and its line end.
  ///
  /// @param seq its sequence number in the stream
  /// @throws IOException only if `out` does
  void write(long seq, NamespaceEvent event, OutputStream out) throws IOException;
}
