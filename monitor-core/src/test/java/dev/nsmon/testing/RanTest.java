package dev.nsmon.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A program is run to its end, or killed with what it started and reported with what it said.
final class RanTest {

  @Test
  void bothStreamsAndTheCodeAreKept() {
    Ran ran = Ran.of("sh", "-c", "echo one; echo two >&2; cat; exit 3");
    assertEquals(3, ran.code());
    assertEquals("one\n", ran.out());
    assertEquals("two\n", ran.err());
    AssertionError failure = assertThrows(AssertionError.class, ran::well);
    assertTrue(failure.getMessage().contains("ended with 3:\none\ntwo\n"), failure::getMessage);
  }

  @Test
  void whoIsLateIsKilledWithItsChildrenAndShown() {
    ProcessBuilder endless = new ProcessBuilder("sh", "-c", "echo begun; sleep 86401; :");
    AssertionError failure =
        assertThrows(AssertionError.class, () -> Ran.of(endless, Duration.ofSeconds(2)));
    String message = failure.getMessage();
    assertTrue(message.contains("did not end in PT2S, and said:\nbegun\n"), message);
    await().until(() -> ProcessHandle.allProcesses().noneMatch(RanTest::isTheSleeper));
  }

  private static boolean isTheSleeper(ProcessHandle process) {
    String[] arguments = process.info().arguments().orElse(new String[0]);
    return List.of(arguments).equals(List.of("86401"));
  }

  @Test
  void linesComeOneByOneAndThenTheEnd() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "echo one; read go; echo two; printf three").start();
    Output output = Output.of(process.getInputStream());
    assertEquals(Optional.of("one"), output.line());
    assertTrue(!output.isReady());
    process.getOutputStream().close();
    assertEquals(Optional.of("two"), output.line());
    assertEquals(Optional.of("three"), output.line());
    assertEquals(Optional.empty(), output.line());
    assertTrue(output.isReady());
    assertEquals("one\ntwo\nthree", output.soFar());
  }
}
