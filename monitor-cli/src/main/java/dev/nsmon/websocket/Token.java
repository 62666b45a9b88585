package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Consumer;

/// The secret that clients have to show, from a file. Only its hash is kept: hashes are of one
/// length, so that how long a comparison takes tells nothing about the secret.
final class Token {
  /// Fewer can be guessed.
  private static final int SHORTEST = 16;

  /// More would not fit into a request.
  private static final int LONGEST = 4096;

  private final Reloaded<byte[]> hash;

  /// @throws IOException with one line, if the file is no good
  Token(Path file, Consumer<String> remarks, HostClock clock) throws IOException {
    hash = new Reloaded<>("token " + file, List.of(file), () -> hash(read(file)), remarks, clock);
  }

  /// Whether this is it.
  boolean is(byte[] shown) {
    return MessageDigest.isEqual(hash(shown), hash.current());
  }

  private static byte[] read(Path file) throws IOException {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new IOException(file + " can be read by everybody: chmod o-rwx " + file);
      }
      String token = new String(Files.readAllBytes(file), UTF_8).strip();
      if (token.length() < SHORTEST || token.length() > LONGEST) {
        throw new IOException(
            file + " must hold a token of " + SHORTEST + " to " + LONGEST + " characters");
      }
      if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw new IOException(file + " must hold one token of printable ASCII without spaces");
      }
      return token.getBytes(US_ASCII);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
  }

  private static byte[] hash(byte[] token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
