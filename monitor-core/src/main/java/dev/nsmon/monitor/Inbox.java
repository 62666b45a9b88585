package dev.nsmon.monitor;

import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The bounded queue from a push source to the monitor thread. A batch of records that does not fit
/// is dropped and counted. [#take] then reports the loss, as the kernel reports its own.
final class Inbox {
  /// The most records in the queue: about 20 MiB. They cover several seconds, in which a full scan
  /// may occupy the monitor thread.
  private static final int MOST_RECORDS = 200_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private List<Push> items = new ArrayList<>();
  private int records;
  // Records dropped since the last take().
  private long dropped;
  // Set by wake(), cleared by take().
  private boolean woken;

  /// Adds a message of the source. Never waits for room. The source's thread calls it.
  void put(Push push) {
    lock.lock();
    try {
      if (push instanceof Push.Batch batch) {
        put(batch);
      } else {
        items.add(push);
      }
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void put(Push.Batch batch) {
    List<KernelRecord> taken = batch.records();
    if (records + taken.size() > MOST_RECORDS) {
      dropped += taken.size();
    } else if (taken.isEmpty()
        && !items.isEmpty()
        && items.getLast() instanceof Push.Batch(List<KernelRecord> last, long _)) {
      // An empty batch only moves the watermark of the last one.
      items.set(items.size() - 1, new Push.Batch(last, batch.untilNanos()));
    } else {
      records += taken.size();
      items.add(batch);
    }
  }

  /// True if the queue holds more than a quarter of the records that it has room for.
  boolean isFilling() {
    lock.lock();
    try {
      return records > MOST_RECORDS / 4;
    } finally {
      lock.unlock();
    }
  }

  /// Takes all messages, in order. A loss in this queue is reported last. Monitor thread.
  ///
  /// @param nanos the longest wait for a message, in nanoseconds; 0 or less not to wait
  /// @return empty if no message came, or if [#wake] ended the wait
  List<Push> take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (items.isEmpty() && dropped == 0 && !woken && left > 0) {
        left = filled.awaitNanos(left);
      }
      woken = false;
      List<Push> taken = items;
      if (dropped > 0) {
        taken.add(new Push.Lost(OptionalLong.of(dropped)));
      }
      items = new ArrayList<>();
      records = 0;
      dropped = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the current wait in [#take], or else the next one. Any thread.
  void wake() {
    lock.lock();
    try {
      woken = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
