package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `/proc/PID/stat` of processes that call themselves what they like, and lines that are none.
class StatTest {
  private static final String REST =
      " S 1 4242 4242 0 -1 4194560 1203 0 0 0 2 1 0 0 20 0 3 0 987654 11452416 1290"
          + " 18446744073709551615 94 95 140 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

  private static Optional<Stat> parse(String line) {
    byte[] bytes = line.getBytes(ISO_8859_1);
    return Stat.parse(bytes, bytes.length);
  }

  @Test
  void fieldsAreThoseOfTheManual() {
    assertEquals(
        Optional.of(new Stat("bash", 'S', 1, 4_194_560, 3, 987_654)), parse("4242 (bash)" + REST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(gru) mpf)",
        "a) R 1 (b",
        "two\nlines",
        "\u001b[31m",
        "",
        " ",
        ")",
        "(",
        ")(",
        "kworker/0:1"
      })
  void processMayCallItselfAnything(String comm) {
    assertEquals(
        Optional.of(new Stat(comm, 'S', 1, 4_194_560, 3, 987_654)),
        parse("4242 (" + comm + ")" + REST));
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    assertEquals("a\ufffdb", parse("4242 (a\u00ffb)" + REST).orElseThrow().comm());
  }

  @Test
  void bytesAfterTheLengthAreNotRead() {
    byte[] line = ("4242 (a)" + REST + ") Z 9").getBytes(ISO_8859_1);
    assertEquals("a", Stat.parse(line, line.length - 5).orElseThrow().comm());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4242",
        "4242 (bash",
        "4242 bash)",
        "4242 (bash)",
        ")(",
        "4242 (bash) S x 1 1 0 -1 1 0 0 0 0 0 0 0 0 20 0 1 0 9 1",
        "4242 (bash) S  1 1 1 0 -1 1 0 0 0 0 0 0 0 0 20 0 1 0 9 1",
        "4242 (bash) S 1 1 1 0 -1 - 0 0 0 0 0 0 0 0 20 0 1 0 9 1",
        "4242 (bash) S 1 1 1 0 -1 1 0 0 0 0 0 0 0 0 20 0 1 0 99999999999999999999 1",
        "4242 (bash)\tS 1 1 1 0 -1 1 0 0 0 0 0 0 0 0 20 0 1 0 9 1"
      })
  void brokenLineIsNone(String line) {
    assertEquals(Optional.empty(), parse(line));
  }

  @Test
  void lineThatIsCutOffIsNoneOrWhole() {
    byte[] line = ("4242 (a) b)" + REST).getBytes(ISO_8859_1);
    Optional<Stat> whole = Stat.parse(line, line.length);
    int complete = new String(line, ISO_8859_1).indexOf("987654") + "987654".length();
    for (int length = 0; length < line.length; length++) {
      assertEquals(
          length > complete ? whole : Optional.empty(),
          Stat.parse(Arrays.copyOf(line, length), length),
          "cut off at " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Z", "X"})
  void processThatHasExitedIsZombie(String state) {
    assertTrue(parse("1 (a)" + REST.replace(" S ", " " + state + " ")).orElseThrow().isZombie());
    assertFalse(parse("1 (a)" + REST).orElseThrow().isZombie());
  }

  @ParameterizedTest
  @CsvSource({
    // state, PF_EXITING, threads; whether it is exiting, and whether it has ended
    "S, 0, 1, false, false",
    "R, 4, 1, true, true",
    "R, 4, 2, true, false",
    "Z, 0, 1, true, true",
    "Z, 4, 2, true, false",
    "X, 0, 0, true, true",
    "S, 0, 0, false, false",
    // Every flag but PF_EXITING.
    "D, 4294967291, 1, false, false"
  })
  void processHasEndedWithItsLastThread(
      char state, long flags, int threads, boolean exiting, boolean ended) {
    Stat stat = new Stat("a", state, 1, flags, threads, 9);
    assertEquals(exiting, stat.isExiting());
    assertEquals(ended, stat.hasEnded());
  }

  @Test
  void kernelThreadHasItsFlag() {
    assertFalse(parse("2 (a)" + REST).orElseThrow().isKernelThread());
    assertTrue(
        parse("2 (kthreadd)" + REST.replace("4194560", "2129984")).orElseThrow().isKernelThread());
  }
}
