package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.log.Present;
import dev.nsmon.namespace.Snapshot;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Requests of other threads for the state are answered once each, also at the end and after it.
class QuestionsTest {
  private final Questions questions = new Questions();
  private int made;

  private Present present() {
    return new Present(++made, Snapshot.EMPTY);
  }

  @Test
  void allThatWaitGetOneState() {
    CompletableFuture<Present> first = questions.ask();
    CompletableFuture<Present> second = questions.ask();
    assertFalse(first.isDone());
    questions.answer(this::present);
    assertSame(first.join(), second.join());
    assertEquals(1, made);
  }

  @Test
  void stateIsMadeOnlyForThoseThatWait() {
    questions.answer(this::present);
    assertEquals(0, made);
    CompletableFuture<Present> asked = questions.ask();
    questions.answer(this::present);
    questions.answer(this::present);
    assertEquals(1, made);
    assertEquals(1, asked.join().seq());
  }

  @Test
  void endAnswersThoseThatWaitAndAllThatComeLater() {
    CompletableFuture<Present> waiting = questions.ask();
    Present last = present();
    questions.end(last);
    assertSame(last, waiting.join());
    assertSame(last, questions.ask().join());
  }
}
