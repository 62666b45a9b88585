package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The task of the thread that writes the journal. It runs a [Writing] until a fault ends it,
/// reports the fault, and opens the file again.
final class Writer implements Runnable {
  /// More events than a monitor emits between two attempts to open the file.
  private static final long FAILING_STRIDE = 2_000_000;

  /// Message for a call to the disk that does not return.
  private static final String STUCK =
      "is not answered by its disk; until it is, events are kept in memory only";

  private final Means means;
  private final boolean includeInitial;
  private final Duration retry;
  private final Parent parent;
  private final CountDownLatch closing = new CountDownLatch(1);

  /// The open file. Null while the journal fails, and until [#write] has opened the file.
  private Database database;

  /// The log's stream in the file that was opened last. Set by [#write] after each opening; null
  /// before the first.
  private Streams.One stream;

  /// The entries of the open transaction, or of the one that failed. [Writing] fills it, and clears
  /// it after each commit.
  private final List<Entry> group = new ArrayList<>();

  /// True once [#write] has opened a file again: the next [Writing] then makes a checkpoint at
  /// once. Never cleared.
  private boolean wantsState;

  /// True during the last attempt: [#close] was called during the delay before it, and the log gets
  /// no more events. Set by [#run].
  private boolean isEnding;

  /// True after a fault of kind [JournalFault.Kind#REFUSED]. The thread then ends.
  private boolean refused;

  private long setAsideNanos;

  /// Why the journal fails, as the end of a message for the user; empty while it works.
  private volatile Optional<String> trouble;

  /// @param database null if the file could not be opened
  /// @param trouble why it could not be opened; empty if it was
  /// @param retry delay between two attempts to open the file
  /// @param parent receives failures that are not disk faults
  Writer(
      Means means,
      boolean includeInitial,
      Database database,
      Optional<String> trouble,
      Duration retry,
      Parent parent) {
    this.trouble = trouble;
    this.parent = parent;
    this.means = means;
    this.includeInitial = includeInitial;
    this.database = database;
    this.retry = retry;
    this.setAsideNanos = means.clock().nanoTime() - retry.toNanos();
  }

  /// Why the journal fails, as the end of a message for the user; empty while it works. Any thread.
  Optional<String> trouble() {
    return means.pulse().isStuck() && trouble.isEmpty() ? Optional.of(STUCK) : trouble;
  }

  /// See [Journal#watch].
  void watch() {
    if (means.pulse().look()) {
      means.log().keptBelow(Long.MAX_VALUE);
      means.opener().say(STUCK);
    }
  }

  private boolean isFailing() {
    return trouble.isPresent();
  }

  /// Makes the thread write the remaining events and end. Does not wait for it.
  void close() {
    closing.countDown();
  }

  @Override
  public void run() {
    try {
      Duration wait = isFailing() ? retry : Duration.ZERO;
      while (true) {
        means.pulse().ends();
        boolean isLast = !wait.isZero() && means.clock().await(closing, wait);
        isEnding = isLast;
        means.pulse().begins();
        try {
          write();
          return;
        } catch (SQLException | IOException e) {
          fault(means.opener().fault(e));
        } catch (InterruptedException | RuntimeException | Error e) {
          // An interrupt is not the way to end this thread, so it counts as a failure.
          wait = failed(e);
          if (isLast) {
            return;
          }
          continue;
        }
        if (isLast || refused) {
          return;
        }
        wait = isFailing() ? retry : Duration.ZERO;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      means.log().keptBelow(Long.MAX_VALUE);
      drop();
      means.pulse().ends();
    }
  }

  private void write() throws SQLException, IOException, InterruptedException {
    if (database == null) {
      long next = group.isEmpty() ? means.cursor().position() : group.getFirst().seq();
      database = means.opener().reopen(means.log().stream(), next);
      means.notes().restore(CursorTable.read(database.connection()), database.stream());
      means.notes().renew();
      wantsState = true;
    }
    stream = database.stream();
    Writing writing = new Writing(means, database, group, closing, wantsState);
    writing.begin(includeInitial);
    if (isFailing()) {
      boolean _ = means.pulse().recovers();
      trouble = Optional.empty();
      parent.works();
      means.opener().say("works again");
    }
    if (!isEnding) {
      means.backlogs().find(database);
    }
    writing.follow();
    writing.finish();
    // SQLite removes the write-ahead log when the last connection is closed, but a read-only
    // connection can't do that. So the readers are closed first.
    means.pool().close();
  }

  /// Handles a failure that is not a disk fault. Readers do not wait for the journal until it works
  /// again. Returns the delay before the next attempt.
  private Duration failed(Throwable cause) {
    // A pending interrupt would end the thread without a message when it waits next.
    boolean _ = Thread.interrupted();
    trouble = Optional.of("has failed: " + cause);
    Duration wait = parent.failed(cause);
    drop();
    means.log().keptBelow(Long.MAX_VALUE);
    return wait;
  }

  private void fault(JournalFault fault) {
    try {
      if (database != null && isSettledBySettingAside(fault)) {
        drop();
        return;
      }
    } catch (IOException e) {
      // The file could not be set aside. Then this is handled like any other fault.
    }
    drop();
    refused = fault.kind() == JournalFault.Kind.REFUSED;
    if (refused || !isFailing()) {
      means.opener().say(fault.consequence());
    }
    trouble = Optional.of(fault.consequence());
    means.log().keptBelow(Long.MAX_VALUE);
    if (stream == null) {
      // No file has this stream yet. The keys in the lock file belong to another stream.
      return;
    }
    try {
      long next = stream.key(means.log().nextSeq());
      means.opener().usedBelow(isEnding ? next : next + FAILING_STRIDE, next);
    } catch (IOException e) {
      // The lock file is on the same disk, so nothing more can be done.
    }
  }

  /// Sets a damaged or removed file aside, but not twice in a short time. A disk that damages every
  /// file is handled as a disk that fails. Returns true if a new file can be created at once.
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
