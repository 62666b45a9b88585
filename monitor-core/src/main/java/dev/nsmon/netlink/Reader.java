package dev.nsmon.netlink;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Reads a [ConnectorSocket] and hands over what it says: wait, drain, tell, again. One thread
/// only, but for what says otherwise.
final class Reader {
  /// A batch comes at least so often, even if empty, to say that nothing has happened.
  private static final long BATCH_NANOS = 250_000_000;

  /// How often the count of drops is looked at with no reason to.
  private static final long DROPS_NANOS = 1_000_000_000;

  /// After so long a silence, and after an overrun, the kernel is asked whether it still tells. It
  /// may have lost count of who listens: before Linux 6.6 any program's IGNORE counts, and some
  /// kernels since take an overrun for a sign that nobody is left.
  private static final long QUIET_NANOS = 5_000_000_000L;

  private static final long ANSWER_NANOS = 1_000_000_000;

  /// What one drain receives at most, in calls, so that a flood does not keep it from telling.
  private static final int CALLS = 128;

  private final long pauseNanos;
  private final CountDownLatch stop;
  private final Queue<int[]> follows = new ConcurrentLinkedQueue<>();
  private final AtomicLong foreign = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();

  private final Inbox inbox;
  private final HostClock clock;
  private final EventDecoder event = new EventDecoder();
  private final Losses losses = new Losses();
  private final Drained drained = new Drained();
  private final Pace pace = new Pace();
  private int received;
  private long told;
  private long dropsRead;
  private long heard;
  private boolean asked;

  /// @param pauseNanos between two drains while events are many
  /// @param stop ends [#read] when it comes to 0
  Reader(Inbox inbox, long pauseNanos, CountDownLatch stop, HostClock clock) {
    this.inbox = inbox;
    this.clock = clock;
    this.pauseNanos = pauseNanos;
    this.stop = stop;
  }

  /// Tells everything of these processes. May be called by any thread.
  void follow(int[] pids) {
    follows.add(pids);
  }

  /// Reads a new socket until it fails or is to be closed. Who is followed stays.
  void read(ConnectorSocket socket, Consumer<Push> out) throws IOException, InterruptedException {
    losses.restart();
    long now = clock.nanoTime();
    told = now;
    heard = now;
    dropsRead = now;
    asked = false;
    while (!await(socket)) {
      drain(socket, out);
    }
  }

  /// Waits for events; whether it is to be closed.
  private boolean await(ConnectorSocket socket) throws IOException, InterruptedException {
    if (pace.isBusy()) {
      return stop.await(pauseNanos, TimeUnit.NANOSECONDS);
    }
    long left = told + BATCH_NANOS - clock.nanoTime();
    socket.poll((int) Math.clamp(left / 1_000_000, 1, BATCH_NANOS / 1_000_000));
    return stop.getCount() == 0;
  }

  private void drain(ConnectorSocket socket, Consumer<Push> out) throws IOException {
    for (int[] pids = follows.poll(); pids != null; pids = follows.poll()) {
      drained.follow(pids);
    }
    // What happened before now is in the socket: the kernel puts it there before it goes on.
    long began = clock.nanoTime();
    received = 0;
    boolean overrun = false;
    boolean emptied = false;
    for (int calls = 0; calls < CALLS && !emptied; calls++) {
      int count = inbox.receive(socket.fd());
      if (count == -Errno.ENOBUFS) {
        losses.overrun();
        overrun = true;
      } else if (count == -Errno.EAGAIN) {
        emptied = true;
      } else if (count < 0 && count != -Errno.EINTR) {
        throw new ErrnoException("recvmmsg", -count);
      } else {
        take(count);
        emptied = count >= 0 && count < Inbox.BATCH;
      }
    }
    pace.came(received, began);
    settle(socket, began, out);
    tell(began, emptied, out);
    listen(socket, began, overrun);
  }

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      if (inbox.sender(i) != 0) {
        foreign.incrementAndGet();
        continue;
      }
      event.begin(inbox.words(), inbox.start(i), inbox.bytes(i));
      while (event.next()) {
        take();
      }
      if (event.isMalformed()) {
        losses.malformed();
      }
      received++;
    }
  }

  private void take() {
    losses.numbered(event.cpu(), event.sequence());
    switch (event.what()) {
      case EventDecoder.FORK ->
          drained.forked(event.nanos(), event.pid(), event.tid(), event.parent());
      case EventDecoder.EXEC -> drained.executed(event.nanos(), event.pid(), event.tid());
      case EventDecoder.EXIT -> drained.exited(event.nanos(), event.pid(), event.tid());
      default -> {
        if (event.isUnknown()) {
          unknown.incrementAndGet();
        }
      }
    }
  }

  private void settle(ConnectorSocket socket, long now, Consumer<Push> out) {
    if (losses.isSuspected() || now - dropsRead >= DROPS_NANOS) {
      dropsRead = now;
      losses.settle(socket.newDrops()).ifPresent(out);
    }
  }

  private void tell(long began, boolean emptied, Consumer<Push> out) {
    List<KernelRecord> records = drained.take();
    long until = emptied ? began : told;
    drained.until(until);
    if (!records.isEmpty() || began - told >= BATCH_NANOS) {
      told = until;
      out.accept(new Push.Batch(records, until));
    }
  }

  private void listen(ConnectorSocket socket, long now, boolean overrun) throws IOException {
    if (overrun || (!asked && now - heard >= QUIET_NANOS)) {
      socket.ask();
      asked = true;
      heard = now;
    } else if (received > 0) {
      asked = false;
      heard = now;
    } else if (asked && now - heard >= ANSWER_NANOS) {
      socket.giveUp();
      throw new IOException("the kernel has stopped telling");
    }
  }

  /// How many datagrams came from somebody else than the kernel. May be called by any thread.
  long foreign() {
    return foreign.get();
  }

  /// How many events were of a kind that this program does not know. May be called by any thread.
  long unknown() {
    return unknown.get();
  }
}
