package dev.nsmon.monitor;

import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a push source has said and the monitor has not yet taken. It is bounded: what does not fit
/// is dropped, counted and said to be lost, just as the kernel does it.
final class Inbox {
  /// About 20 MiB, and the reports of seconds in which the monitor does nothing but look.
  private static final int MOST_RECORDS = 200_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private List<Push> items = new ArrayList<>();
  private int records;
  private long dropped;
  private boolean woken;

  /// Adds what the source says. Never waits.
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
      // That time has passed adds nothing to the list.
      items.set(items.size() - 1, new Push.Batch(last, batch.untilNanos()));
    } else {
      records += taken.size();
      items.add(batch);
    }
  }

  /// Whether more has come than a quarter of what it has room for.
  boolean isFilling() {
    lock.lock();
    try {
      return records > MOST_RECORDS / 4;
    } finally {
      lock.unlock();
    }
  }

  /// Takes all there is, waiting at most so long for something; empty if nothing came.
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

  /// Ends a wait.
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
