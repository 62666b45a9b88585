package dev.nsmon.monitor;

import dev.nsmon.log.Present;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Questions of other threads for the state of the host, which only the monitor's thread may touch.
final class Questions {
  private final Queue<CompletableFuture<Present>> open = new ConcurrentLinkedQueue<>();
  private volatile Present last;

  /// Why there is no answer any more; null while there is one.
  private volatile RuntimeException failure;

  /// Any thread: asks. What the monitor's thread is at comes first.
  CompletableFuture<Present> ask() {
    CompletableFuture<Present> question = new CompletableFuture<>();
    open.add(question);
    // The monitor may have ended before it saw this one.
    if (last != null) {
      question.complete(last);
    } else if (failure != null) {
      question.completeExceptionally(failure);
    }
    return question;
  }

  /// The monitor's thread: answers those that have come.
  void answer(Supplier<Present> present) {
    if (open.isEmpty()) {
      return;
    }
    Present now = present.get();
    for (CompletableFuture<Present> one = open.poll(); one != null; one = open.poll()) {
      one.complete(now);
    }
  }

  /// The monitor's thread: this is how it was at the end, and stays.
  void end(Present present) {
    last = present;
    answer(() -> present);
  }

  /// The monitor's thread: it has ended, and does not know how it was.
  void fail(Throwable cause) {
    failure = new IllegalStateException("the monitor has failed", cause);
    for (CompletableFuture<Present> one = open.poll(); one != null; one = open.poll()) {
      one.completeExceptionally(failure);
    }
  }
}
