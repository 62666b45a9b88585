package dev.nsmon.websocket;

/// Number of the last record that was fed to the rings. One thread advances it, any thread may wait
/// for it.
final class Fed {
  private long last;
  private boolean ended;

  /// Threads in [#await]; zero saves a notification for each batch.
  private int waiting;

  /// @param last number of the last record in the log
  Fed(long last) {
    this.last = last;
  }

  synchronized long last() {
    return last;
  }

  synchronized void upTo(long seq) {
    last = seq;
    if (waiting > 0) {
      notifyAll();
    }
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /// Waits until this record was fed, or the stream has ended.
  synchronized void await(long seq) throws InterruptedException {
    waiting++;
    try {
      while (last < seq && !ended) {
        wait();
      }
    } finally {
      waiting--;
    }
  }
}
