package dev.nsmon.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The list of what is known to be wrong is read as it is meant.
final class KnownTest {
  private static final Known KNOWN =
      Known.parse(
          List.of(
              "# a comment",
              "",
              "5.10 6.1 | fails | one | as it is",
              "7 | unsteady | one | now and then"));

  @Test
  void aLineIsOfItsKernelsAndItsCase() {
    assertEquals(Optional.of(Known.Status.FAILS), status(Kernel.V6_1, "one"));
    assertEquals(Optional.of(Known.Status.UNSTEADY), status(Kernel.V7, "one"));
    assertEquals(Optional.empty(), status(Kernel.V6_12, "one"));
    assertEquals(Optional.empty(), status(Kernel.V7, "another"));
  }

  private static Optional<Known.Status> status(Kernel kernel, String name) {
    return KNOWN.of(kernel, name).map(Known.Line::status);
  }

  @Test
  void aTestFailsWhereTheListIsNotRight() {
    List<String> faults = List.of("a", "b");
    assertEquals(Optional.empty(), KNOWN.failure(Kernel.V6_12, "one", List.of()));
    assertEquals(Optional.of("a\nb"), KNOWN.failure(Kernel.V6_12, "one", faults));
    assertEquals(Optional.empty(), KNOWN.failure(Kernel.V6_1, "one", faults));
    assertEquals(
        Optional.of("this is right now: take 6.1 out of its line in known.txt"),
        KNOWN.failure(Kernel.V6_1, "one", List.of()));
    assertEquals(Optional.empty(), KNOWN.failure(Kernel.V7, "one", List.of()));
    assertEquals(Optional.empty(), KNOWN.failure(Kernel.V7, "one", faults));
  }

  @Test
  void aLineOfNoCaseIsStale() {
    assertEquals(List.of("one"), KNOWN.stale(Kernel.V7, List.of("another")));
    assertEquals(List.of(), KNOWN.stale(Kernel.V7, List.of("one")));
    assertEquals(List.of(), KNOWN.stale(Kernel.V6_12, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7 | fails | one", "7 | fails | one |", "7 | wrong | one | reason"})
  void whatIsNoLineIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> Known.parse(List.of(line)));
  }

  @Test
  void theListNamesKernelsThatThereAre() throws Exception {
    List<String> kernels = Kernel.ALL.stream().map(Kernel::name).toList();
    try (InputStream in = KnownTest.class.getResourceAsStream("known.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Known.Line line : Known.parse(text.lines().toList()).lines()) {
        assertTrue(kernels.containsAll(line.kernels()), line::toString);
      }
    }
  }
}
