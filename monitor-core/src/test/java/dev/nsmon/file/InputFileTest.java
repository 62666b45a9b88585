package dev.nsmon.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a path leads to, reading it ends at once, and takes no more memory than was allowed.
@Timeout(60)
final class InputFileTest {
  @TempDir private Path directory;

  private String refusal(Path path, int most) {
    String message = assertThrows(IOException.class, () -> InputFile.read(path, most)).getMessage();
    assertTrue(message.startsWith(path + ": "), message);
    return message.substring(path.toString().length() + 2);
  }

  @Test
  void aRegularFileIsReadWholeAlsoThroughLinks() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "a".repeat(100));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(directory.resolve("l"), file);
    InputFile read = InputFile.read(link, 100);
    assertArrayEquals(Files.readAllBytes(file), read.bytes());
    assertEquals(0640, read.mode());
    assertEquals(0, InputFile.read(Files.createFile(directory.resolve("e")), 0).bytes().length);
    byte[] large = new byte[1 << 20];
    Path other = Files.write(directory.resolve("large"), large);
    assertArrayEquals(large, InputFile.read(other, 1 << 20).bytes());
  }

  @Test
  void whatIsLargerThanAllowedIsNotRead() throws Exception {
    Path huge = directory.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    assertEquals("is larger than 64 KiB, the most it may be", refusal(huge, 64 << 10));
    Path file = Files.write(directory.resolve("f"), new byte[1025]);
    assertEquals("is larger than 1 KiB, the most it may be", refusal(file, 1024));
    // Its size is 0 to statx(2).
    assertEquals(
        "is larger than 0 KiB, the most it may be", refusal(Path.of("/proc/self/maps"), 9));
    assertTrue(InputFile.read(Path.of("/proc/self/maps"), 4 << 20).bytes().length > 100);
  }

  @Test
  void whatIsNoRegularFileIsRefusedWithoutWaiting() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals("is a named pipe, and must be a regular file", refusal(pipe, 100));
    assertEquals("is a directory, and must be a regular file", refusal(directory, 100));
    Path zero = Files.createSymbolicLink(directory.resolve("zero"), Path.of("/dev/zero"));
    assertEquals("is a character device, and must be a regular file", refusal(zero, 100));
    Path socket = directory.resolve("socket");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      assertEquals("is a socket or a device, and must be a regular file", refusal(socket, 100));
    }
  }

  @Test
  void noFileAndNoText() throws Exception {
    assertThrows(
        NoSuchFileException.class, () -> InputFile.read(directory.resolve("no/such"), 100));
    Path latin = Files.write(directory.resolve("latin"), new byte[] {(byte) 0xe4});
    assertThrows(CharacterCodingException.class, () -> InputFile.text(latin, 100, UTF_8));
    assertEquals("ä", InputFile.text(Files.writeString(directory.resolve("utf"), "ä"), 100, UTF_8));
  }
}
