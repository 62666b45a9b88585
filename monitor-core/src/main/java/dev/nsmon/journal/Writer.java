package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The one thread that writes the journal: it has a [Writing] done for as long as that goes well,
/// says what has gone wrong, and opens the file again.
final class Writer implements Runnable {
  /// No monitor tells as many events between two tries.
  private static final long FAILING_STRIDE = 2_000_000;

  private final Means means;
  private final boolean includeInitial;
  private final Duration retry;
  private final CountDownLatch closing = new CountDownLatch(1);

  /// Null while the journal fails, and while it is opened.
  private Database database;

  /// What is in the open transaction, or was when it failed.
  private final List<Entry> group = new ArrayList<>();

  private boolean wantsState;
  private boolean refused;
  private long setAsideNanos;
  private volatile boolean failing;

  /// @param database null if it could not be opened
  /// @param retry how long to wait before it is tried again
  Writer(Means means, boolean includeInitial, Database database, Duration retry) {
    this.means = means;
    this.includeInitial = includeInitial;
    this.database = database;
    this.retry = retry;
    this.failing = database == null;
    this.setAsideNanos = means.clock().nanoTime() - retry.toNanos();
  }

  boolean isFailing() {
    return failing;
  }

  /// Ends it: what has come is written first.
  void close() {
    closing.countDown();
  }

  @Override
  public void run() {
    try {
      boolean waits = failing;
      while (true) {
        boolean isLast = waits && means.clock().await(closing, retry);
        try {
          write();
          return;
        } catch (SQLException e) {
          fault(JournalFault.of(e, means.settings().file()));
        } catch (IOException e) {
          fault(JournalFault.of(e, means.settings().file()));
        }
        if (isLast || refused) {
          return;
        }
        waits = failing;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      means.log().keptBelow(Long.MAX_VALUE);
      drop();
    }
  }

  private void write() throws SQLException, IOException, InterruptedException {
    if (database == null) {
      long next = group.isEmpty() ? means.cursor().position() : group.getFirst().seq();
      database = means.opener().reopen(means.log().stream(), next);
      means.notes().renew();
      wantsState = true;
    }
    Writing writing = new Writing(means, database, group, closing, wantsState);
    writing.begin(includeInitial);
    if (failing) {
      failing = false;
      means.opener().say("works again");
    }
    writing.follow();
    writing.finish();
    // The last connection that closes tidies up, and those that only read can't.
    means.pool().close();
  }

  private void fault(JournalFault fault) {
    try {
      if (database != null && isSettledBySettingAside(fault)) {
        drop();
        return;
      }
    } catch (IOException e) {
      // Then it is like any other fault.
    }
    drop();
    if (fault.kind() == JournalFault.Kind.REFUSED) {
      refused = true;
      means.opener().say(fault.getMessage() + Journal.WITHOUT);
    } else if (!failing) {
      means.opener().say(fault.getMessage() + Journal.UNTIL);
    }
    failing = true;
    means.log().keptBelow(Long.MAX_VALUE);
    try {
      means.opener().usedBelow(means.log().nextSeq() + FAILING_STRIDE);
    } catch (IOException e) {
      // The same disk: nothing more can be done.
    }
  }

  /// Once in a while only: a disk that damages every file is a disk that fails.
  private boolean isSettledBySettingAside(JournalFault fault) throws IOException {
    boolean isSoon = means.clock().nanoTime() - setAsideNanos < retry.toNanos();
    if (isSoon || !fault.isOfFile()) {
      return false;
    }
    setAsideNanos = means.clock().nanoTime();
    if (fault.kind() == JournalFault.Kind.REMOVED) {
      means.opener().beginAnew(fault.getMessage());
    } else {
      means.opener().setAside("corrupt", fault.getMessage());
    }
    return true;
  }

  private void drop() {
    if (database != null) {
      database.close();
      database = null;
    }
  }
}
