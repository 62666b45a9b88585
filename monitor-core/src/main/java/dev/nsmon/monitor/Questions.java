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

  /// Any thread: asks. What the monitor's thread is at comes first.
  CompletableFuture<Present> ask() {
    CompletableFuture<Present> question = new CompletableFuture<>();
    open.add(question);
    if (last != null) {
      // The monitor has ended, perhaps before it saw this one.
      question.complete(last);
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
}
