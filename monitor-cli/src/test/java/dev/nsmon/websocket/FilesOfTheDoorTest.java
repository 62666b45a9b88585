package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.Ran;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The token's file, and settings with which nothing may listen.
class FilesOfTheDoorTest {
  private static final String FIRST = "0123456789abcdef";
  private static final String SECOND = "fedcba9876543210";

  /// At most so often the files are looked at.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private final TestClock clock = new TestClock();
  private final List<String> remarks = new CopyOnWriteArrayList<>();

  private Path file(String content) throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, content);
    return permit(file, "rw-r-----");
  }

  private static Path permit(Path file, String mode) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static boolean is(Token token, String shown) {
    return token.is(shown.getBytes(US_ASCII));
  }

  @Test
  void tokenIsTrimmed() throws IOException {
    Token token = new Token(file("\n  " + FIRST + " \n"), remarks::add, clock);
    assertTrue(is(token, FIRST));
    assertFalse(is(token, FIRST + " "));
    assertFalse(is(token, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0123456789abcde",
        " 0123456789abcde ",
        "0123456789 abcdef",
        "0123456789äbcdef"
      })
  void tokenThatIsNoneIsRefused(String content) throws IOException {
    Path file = file(content);
    IOException e = assertThrows(IOException.class, () -> new Token(file, remarks::add, clock));
    assertTrue(e.getMessage().startsWith(file + " must hold"), e::getMessage);
  }

  @Test
  void tokenThatEverybodyCanReadIsRefused() throws IOException {
    Path file = permit(file(FIRST), "rw-r--r--");
    IOException e = assertThrows(IOException.class, () -> new Token(file, remarks::add, clock));
    assertTrue(e.getMessage().contains("can be read by everybody"), e::getMessage);
  }

  @Test
  void tokenThatIsNotThereIsRefused() {
    Path file = directory.resolve("none");
    IOException e = assertThrows(IOException.class, () -> new Token(file, remarks::add, clock));
    assertEquals(file + " does not exist", e.getMessage());
  }

  @Test
  void tokenIsReadAnewWhenItsFileIsReplaced() throws IOException {
    Path file = file(FIRST);
    Token token = new Token(file, remarks::add, clock);
    Path other = permit(Files.writeString(directory.resolve("other"), SECOND), "rw-------");
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    clock.advance(PAUSE.minusNanos(1));
    assertTrue(is(token, FIRST), "the files are looked at once a second");
    clock.advance(Duration.ofNanos(1));
    assertTrue(is(token, SECOND));
    assertFalse(is(token, FIRST));
    assertEquals(List.of("token " + file + ": read anew"), remarks);
  }

  @Test
  void tokenThatIsNoGoodAnyMoreIsSaidOnceAndTheOldOneStays() throws IOException {
    Path file = file(FIRST);
    Token token = new Token(file, remarks::add, clock);
    Files.writeString(file, "short");
    for (int i = 0; i < 3; i++) {
      clock.advance(PAUSE);
      assertTrue(is(token, FIRST));
      assertEquals(1, remarks.size(), remarks::toString);
    }
    Files.delete(file);
    clock.advance(PAUSE);
    assertTrue(is(token, FIRST));
    file(SECOND);
    clock.advance(PAUSE);
    assertTrue(is(token, SECOND));
    assertEquals(3, remarks.size(), remarks::toString);
    assertTrue(remarks.get(0).contains("stays in use: " + file + " must hold"), remarks::toString);
    assertTrue(remarks.get(1).contains("stays in use: " + file + " does not"), remarks::toString);
    assertTrue(remarks.get(2).contains("read anew"), remarks::toString);
  }

  /// The network thread reads it: one that waited in open(2) would hold up every client.
  @Test
  @Timeout(60)
  void tokenThatBecomesAPipeOrADeviceHoldsUpNobody() throws IOException {
    Path file = file(FIRST);
    Token token = new Token(file, remarks::add, clock);
    Files.delete(file);
    Ran.of("mkfifo", "" + file).well();
    clock.advance(PAUSE);
    assertTrue(is(token, FIRST));
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    clock.advance(PAUSE);
    assertTrue(is(token, FIRST));
    assertEquals(2, remarks.size(), remarks::toString);
    assertTrue(remarks.get(0).endsWith(": is a named pipe, and must be a regular file"));
    assertTrue(remarks.get(1).endsWith(": is a character device, and must be a regular file"));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, false, ''",
    "::1,       false, ''",
    "0.0.0.0,   true,  ''",
    "0.0.0.0,   false, '0.0.0.0:8470 can be reached from elsewhere: who listens there must demand a"
        + " token'",
    "::,        false, '[::]:8470 can be reached from elsewhere: who listens there must demand a"
        + " token'",
    "10.1.2.3,  false, '10.1.2.3:8470 can be reached from elsewhere: who listens there must demand"
        + " a token'"
  })
  void onlyLoopbackIsOpen(String address, boolean token, String fault) {
    assertEquals(fault, settings(new InetSocketAddress(address, 8470), token).fault().orElse(""));
  }

  @Test
  void hostThatIsNotThereIsAFault() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 8470);
    assertEquals(Optional.of("there is no host nowhere.invalid"), settings(nowhere, true).fault());
  }

  private static ListenSettings settings(InetSocketAddress address, boolean token) {
    return new ListenSettings(
        address,
        Optional.empty(),
        token ? Optional.of(Path.of("/token")) : Optional.empty(),
        Set.of(),
        Set.of(),
        ListenSettings.Limits.DEFAULT);
  }
}
