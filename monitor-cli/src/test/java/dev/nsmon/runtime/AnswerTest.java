package dev.nsmon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.ContainerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// How long an answer holds.
final class AnswerTest {
  private static final Optional<ContainerName> NAME =
      Optional.of(new ContainerName("web", "nginx:1.29"));

  @Test
  void nameStaysWhenNobodyKnowsItAnyMore() {
    Answer lost = Answer.NONE.answered(NAME, 0).questioned().answered(Optional.empty(), 100);
    assertEquals(NAME.get(), lost.name());
    assertEquals(100 + Answer.UNKNOWN_NANOS, lost.againNanos());
    Optional<ContainerName> renamed = Optional.of(new ContainerName("shop", "nginx:1.29"));
    assertEquals(renamed.get(), lost.answered(renamed, 200).name());
  }

  @Test
  void whatNobodyKnowsIsAskedForEverMoreSeldom() {
    List<Long> pauses = new ArrayList<>();
    Answer answer = Answer.NONE;
    for (int i = 0; i < 9; i++) {
      answer = answer.questioned().answered(Optional.empty(), 0);
      pauses.add(TimeUnit.NANOSECONDS.toSeconds(answer.againNanos()));
    }
    assertEquals(List.of(5L, 10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L), pauses);
    assertEquals(0, answer.answered(NAME, 0).pauseNanos());
  }

  @Test
  void isDueOnceItsTimeHasComeAndNotWhileItIsAsked() {
    Answer answer = Answer.NONE.answered(NAME, Long.MAX_VALUE);
    assertFalse(answer.isDue(Long.MAX_VALUE));
    assertTrue(answer.isDue(Long.MAX_VALUE + Answer.KNOWN_NANOS));
    assertFalse(answer.questioned().isDue(Long.MAX_VALUE + Answer.KNOWN_NANOS));
  }
}
