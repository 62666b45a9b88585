package dev.nsmon.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

final class DifferencesTest {
  private static final ConditionFactory PATIENCE =
      await()
          .atMost(Duration.ofMillis(200))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1));

  @Test
  void eachComparisonMayHaveADifferenceOfItsOwn() {
    Iterator<Set<String>> all = List.of(Set.of("a", "b"), Set.of("b", "c"), Set.of("a")).iterator();
    Differences.awaitNone(PATIENCE, all::next, () -> "");
    assertEquals(false, all.hasNext());
  }

  @Test
  void oneThatStaysFails() {
    ConditionTimeoutException failed =
        assertThrows(
            ConditionTimeoutException.class,
            () -> Differences.awaitNone(PATIENCE, () -> Set.of("a"), () -> "said"));
    assertTrue(failed.getMessage().contains("said"), failed::getMessage);
  }

  @Test
  void aComparisonThatFailsDoesNotCount() {
    Iterator<Callable<Set<String>>> all =
        List.<Callable<Set<String>>>of(
                () -> {
                  throw new AssertionError("not yet");
                },
                () -> Set.of("a"),
                Set::of)
            .iterator();
    Differences.awaitNone(PATIENCE, () -> all.next().call(), () -> "");
    assertEquals(false, all.hasNext());
  }
}
