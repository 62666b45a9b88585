package dev.nsmon.journal;

import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.JsonReader;
import dev.nsmon.log.Present;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The state of the host after an event, stored as gzip of the JSON lines that rebuild it.
///
/// @param seq sequence number of the last event that it includes
/// @param data gzip, which has a checksum of its own
@SuppressWarnings("ArrayRecordComponent") // never compared
record Checkpoint(long seq, Instant time, byte[] data) {

  /// Makes a checkpoint of this state.
  static Checkpoint of(Present present, boolean includeInitial, JsonFormat format)
      throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream(16 * 1024);
    try (OutputStream out = new GZIPOutputStream(zipped, 16 * 1024)) {
      for (NamespaceEvent event : HostState.of(present.snapshot(), includeInitial).events()) {
        format.write(present.seq(), event, out);
      }
    }
    return new Checkpoint(present.seq(), present.snapshot().time(), zipped.toByteArray());
  }

  /// Decodes the state from the `data` of a checkpoint.
  ///
  /// @throws IOException if the data is damaged
  static HostState state(byte[] data, boolean includeInitial, JsonReader json) throws IOException {
    HostState state = new HostState(includeInitial);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(data), 16 * 1024),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        state.apply(json.read(line.getBytes(StandardCharsets.US_ASCII)).event());
      }
    }
    return state;
  }
}
