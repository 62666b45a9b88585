package dev.nsmon.websocket;

/// How far the clients' stream has come. One thread moves it on, any may wait for it.
final class Fed {
  private long last;
  private boolean ended;
  private int waiting;

  /// @param last number of the last record that there is
  Fed(long last) {
    this.last = last;
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

  /// Waits until it has come to this number, or has ended.
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
