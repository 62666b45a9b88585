package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The clients of one event loop: one task and one timer for all of them. Lives on the event loop,
/// but for what says otherwise.
final class ClientLoop {
  /// Clients that come at once are asked at different times, in so many groups.
  private static final int GROUPS = 16;

  private final EventLoop loop;
  private final Timing timing;
  private final Runnable everyTick;
  private final HostClock clock;
  private final List<Client> clients = new ArrayList<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private ScheduledFuture<?> timer;
  private int added;

  /// Any thread may ask whether there is anybody to wake.
  private volatile boolean inhabited;

  /// @param everyTick what else is to be done now and then, while there are clients
  ClientLoop(EventLoop loop, Timing timing, Runnable everyTick, HostClock clock) {
    this.clock = clock;
    this.loop = loop;
    this.timing = timing;
    this.everyTick = everyTick;
  }

  /// When a client that is added now is to be asked first.
  long firstPing() {
    added = (added + 1) % GROUPS;
    return clock.nanoTime() + timing.ping().toNanos() / GROUPS * (added + 1);
  }

  void add(Client client) {
    client.slot = clients.size();
    clients.add(client);
    inhabited = true;
    if (timer == null) {
      long tick = timing.tick().toMillis();
      timer = loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }
  }

  void remove(Client client) {
    Client last = clients.removeLast();
    if (last != client) {
      clients.set(client.slot, last);
      last.slot = client.slot;
    }
    if (clients.isEmpty()) {
      inhabited = false;
      timer.cancel(false);
      timer = null;
    }
  }

  /// Any thread: something new is there.
  void wake() {
    // A task that has not begun will see it.
    if (inhabited && !woken.get() && woken.compareAndSet(false, true) && !execute(this::advance)) {
      woken.set(false);
    }
  }

  /// Any thread: false if the loop has ended, and its clients with it.
  boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void advance() {
    woken.set(false);
    for (int i = clients.size() - 1; i >= 0; i--) {
      clients.get(i).advance();
    }
  }

  private void tick() {
    long now = clock.nanoTime();
    for (int i = clients.size() - 1; i >= 0; i--) {
      clients.get(i).tick(now);
    }
    everyTick.run();
  }

  /// Any thread: ends all.
  void close(int code, String reason) {
    boolean _ =
        execute(
            () -> {
              for (int i = clients.size() - 1; i >= 0; i--) {
                clients.get(i).close(code, reason);
              }
            });
  }
}
