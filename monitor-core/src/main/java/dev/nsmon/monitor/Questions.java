package dev.nsmon.monitor;

import dev.nsmon.log.Present;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Requests of other threads for the state of the host, which only the monitor thread may read.
final class Questions {
  private final Queue<CompletableFuture<Present>> open = new ConcurrentLinkedQueue<>();
  // The final state. Set by end(); null before.
  private volatile Present last;

  /// Why there is no final state. Set by [#fail]; null otherwise.
  private volatile RuntimeException failure;

  /// Adds a request, which the monitor thread answers at the end of its current turn. Any thread.
  CompletableFuture<Present> ask() {
    CompletableFuture<Present> question = new CompletableFuture<>();
    open.add(question);
    // The monitor may have ended before it could take this request.
    if (last != null) {
      question.complete(last);
    } else if (failure != null) {
      question.completeExceptionally(failure);
    }
    return question;
  }

  /// Answers all open requests. Monitor thread.
  void answer(Supplier<Present> present) {
    if (open.isEmpty()) {
      return;
    }
    Present now = present.get();
    for (CompletableFuture<Present> one = open.poll(); one != null; one = open.poll()) {
      one.complete(now);
    }
  }

  /// Answers all open requests and all later ones with the final state. Monitor thread.
  void end(Present present) {
    last = present;
    answer(() -> present);
  }

  /// Fails all open requests and all later ones: the monitor has ended without a final state.
  /// Monitor thread.
  void fail(Throwable cause) {
    failure = new IllegalStateException("the monitor has failed", cause);
    for (CompletableFuture<Present> one = open.poll(); one != null; one = open.poll()) {
      one.completeExceptionally(failure);
    }
  }
}
