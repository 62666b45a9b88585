package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Connections get what reading `/proc` leaves, and a start says where that is little.
final class DescriptorsTest {
  @Test
  void connectionsGetWhatIsLeft() {
    Descriptors many = new Descriptors(1 << 20, 2);
    assertTrue(many.connections() > 16_384);
    assertEquals(Optional.empty(), many.warning(OptionalInt.of(16_384)));
    Descriptors fewer = new Descriptors(20_000, 2);
    assertEquals(15_782, fewer.connections());
    assertEquals(Optional.empty(), fewer.warning(OptionalInt.of(16_384)));
    assertTrue(fewer.warning(OptionalInt.of(16_385)).isPresent());
    Descriptors few = new Descriptors(1272, 2);
    assertEquals(800, few.connections());
    assertEquals(Optional.empty(), few.warning(OptionalInt.of(800)));
    assertEquals(Optional.empty(), few.warning(OptionalInt.empty()));
    assertEquals(
        Optional.of(
            "only 1272 files may be open at a time (ulimit -Hn, LimitNOFILE=): no more than 800"
                + " connections are let in, instead of 16384, so that /proc can be read"),
        few.warning(OptionalInt.of(16_384)));
  }

  @Test
  void aLimitThatIsTooLowIsSaidWhoeverListens() {
    Descriptors low = new Descriptors(100, 2);
    assertEquals(8, low.connections());
    for (OptionalInt wanted : new OptionalInt[] {OptionalInt.empty(), OptionalInt.of(8)}) {
      assertEquals(
          Optional.of(
              "only 100 files may be open at a time (ulimit -Hn, LimitNOFILE=), and nsmon needs"
                  + " 272: namespaces may not be found; raise it"),
          low.warning(wanted));
    }
  }

  @Test
  void thisProcessHasOne() {
    assertTrue(Descriptors.own().orElseThrow().limit() > 0);
  }
}
