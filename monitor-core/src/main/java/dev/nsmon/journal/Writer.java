package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The one thread that writes the journal: it has a [Writing] done for as long as that goes well,
/// says what has gone wrong, and opens the file again.
final class Writer implements Runnable {
  /// No monitor tells as many events between two tries.
  private static final long FAILING_STRIDE = 2_000_000;

  /// What is said of a disk that takes a call and does not come back from it.
  private static final String STUCK =
      "is not answered by its disk; until it is, events are kept in memory only";

  private final Means means;
  private final boolean includeInitial;
  private final Duration retry;
  private final Parent parent;
  private final CountDownLatch closing = new CountDownLatch(1);

  /// Null while the journal fails, and while it is opened.
  private Database database;

  /// The place of the log's stream in the file that was opened last. Set by each opening; null
  /// before the first.
  private Streams.One stream;

  /// What is in the open transaction, or was when it failed.
  private final List<Entry> group = new ArrayList<>();

  private boolean wantsState;

  /// Whether nothing more comes into the log.
  private boolean isEnding;

  private boolean refused;
  private long setAsideNanos;

  /// Why it fails; empty while it works.
  private volatile Optional<String> trouble;

  /// @param database null if it could not be opened
  /// @param trouble why
  /// @param retry how long to wait before it is tried again
  /// @param parent learns of failures that no disk has caused
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

  /// Why it fails, as the end of a line for people; empty while it works.
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

  /// Ends it: what has come is written first.
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
          // Nobody interrupts it to end it.
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
    // The last connection that closes tidies up, and those that only read can't.
    means.pool().close();
  }

  /// Not the disk, but this program: until it is started again nobody waits for it.
  private Duration failed(Throwable cause) {
    // Or the wait for the next start would end the thread without a word.
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
      // Then it is like any other fault.
    }
    drop();
    refused = fault.kind() == JournalFault.Kind.REFUSED;
    if (refused || !isFailing()) {
      means.opener().say(fault.consequence());
    }
    trouble = Optional.of(fault.consequence());
    means.log().keptBelow(Long.MAX_VALUE);
    if (stream == null) {
      // No file knows of this stream: what is noted beside it is of another one.
      return;
    }
    try {
      long next = stream.key(means.log().nextSeq());
      means.opener().usedBelow(isEnding ? next : next + FAILING_STRIDE, next);
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
