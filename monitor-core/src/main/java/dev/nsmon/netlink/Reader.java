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

/// The loop of the `proc-connector` thread: waits for events, drains the socket, delivers a batch.
/// One thread only, except where stated.
final class Reader {
  /// The longest time between two batches. An empty batch advances the consumer's watermark.
  private static final long BATCH_NANOS = 250_000_000;

  /// How often the socket's count of drops is read without a suspected loss.
  private static final long DROPS_NANOS = 1_000_000_000;

  /// After this time without an event, and after each overrun, a new LISTEN checks whether the
  /// kernel still delivers. Its count of listeners may be wrong. Before Linux 6.6 an IGNORE of any
  /// program lowers it; some later kernels take an overrun for the end of the last listener.
  private static final long QUIET_NANOS = 5_000_000_000L;

  /// How long to wait for the answer to that LISTEN before the socket counts as dead.
  private static final long ANSWER_NANOS = 1_000_000_000;

  /// The most receive calls in one drain, so that a flood can't delay delivery.
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

  /// Datagrams from the kernel in the current drain.
  private int received;

  /// The watermark of the last batch.
  private long told;

  private long dropsRead;

  /// When the last event came, or the last LISTEN was sent.
  private long heard;

  /// A LISTEN was sent and nothing has come since.
  private boolean asked;

  /// @param pauseNanos the pause between two drains while events are many
  /// @param stop ends [#read] when its count is 0
  Reader(Inbox inbox, long pauseNanos, CountDownLatch stop, HostClock clock) {
    this.inbox = inbox;
    this.clock = clock;
    this.pauseNanos = pauseNanos;
    this.stop = stop;
  }

  /// Follows these processes ([Drained#follow]) from the next drain on. Any thread.
  void follow(int[] pids) {
    follows.add(pids);
  }

  /// Reads a new socket until it fails or the source is closed. Processes that are followed stay
  /// followed.
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

  /// Waits for events or for the pause to end. True if the source is to be closed.
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
    // All earlier events are already in the socket: the kernel queues an event before its task
    // continues.
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

  /// The number of datagrams whose sender is not the kernel. Any thread.
  long foreign() {
    return foreign.get();
  }

  /// The number of events of an unknown kind. Any thread.
  long unknown() {
    return unknown.get();
  }
}
