package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.file.InputFile;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Consumer;

/// Secret that clients have to show, from a file. Only its SHA-256 is kept. Hashes are equally
/// long, so the time of a comparison reveals nothing about the secret.
final class Token {
  /// Shorter tokens can be guessed.
  private static final int SHORTEST = 16;

  /// A token in base64url is a third longer, and must fit into a request's headers: 8192 bytes in
  /// [Server].
  private static final int LONGEST = 4096;

  private static final int MOST_BYTES = 16 << 10;

  /// Mode bit `S_IROTH`, see inode(7): others may read the file.
  private static final int OTHERS_READ = 4;

  private final Reloaded<byte[]> hash;

  /// @throws IOException with one line, if the file is invalid
  Token(Path file, Consumer<String> remarks, HostClock clock) throws IOException {
    hash = new Reloaded<>("token " + file, List.of(file), () -> hash(read(file)), remarks, clock);
  }

  /// Whether this is the token in force.
  boolean is(byte[] shown) {
    return MessageDigest.isEqual(hash(shown), hash.current());
  }

  /// SHA-256 of a token that a client has shown.
  static byte[] hashOf(byte[] shown) {
    return hash(shown);
  }

  /// Whether this is the SHA-256 of the token in force.
  boolean hasHash(byte[] shown) {
    return MessageDigest.isEqual(shown, hash.current());
  }

  /// Checks the file for a change, if that is due.
  void refresh() {
    byte[] _ = hash.current();
  }

  private static byte[] read(Path file) throws IOException {
    try {
      InputFile read = InputFile.read(file, MOST_BYTES);
      if ((read.mode() & OTHERS_READ) != 0) {
        throw new IOException(file + " can be read by everybody: chmod o-rwx " + file);
      }
      String token = new String(read.bytes(), UTF_8).strip();
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
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by this user", e);
    }
  }

  /// Reads the file as a start does.
  ///
  /// @throws IOException with one line, if the file is invalid
  static void check(Path file) throws IOException {
    byte[] _ = read(file);
  }

  private static byte[] hash(byte[] token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
