package dev.nsmon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Generates the id of a stream.
final class StreamName {
  private StreamName() {}

  /// A random UUID (version 4) from `/dev/urandom`. `UUID.randomUUID` would load the security
  /// providers, which takes longer than the first scan.
  static String random() throws IOException {
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      ByteBuffer bytes = ByteBuffer.wrap(random.readNBytes(16));
      long high = (bytes.getLong() & ~0xF000L) | 0x4000L;
      long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    }
  }
}
