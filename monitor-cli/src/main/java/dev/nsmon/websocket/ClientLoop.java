package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The clients of one event loop, with one task and one timer for all of them. Event loop only,
/// except where noted.
final class ClientLoop {
  /// Groups that pings are spread over, so that clients that connect at once are pinged at
  /// different times.
  private static final int GROUPS = 16;

  private final EventLoop loop;
  private final Timing timing;
  private final Runnable everyTick;
  private final HostClock clock;
  private final RareRemarks bugs;
  private final List<Client> clients = new ArrayList<>();

  /// True while an [#advance] task is queued. Set by [#wake], cleared when the task starts.
  private final AtomicBoolean woken = new AtomicBoolean();

  private ScheduledFuture<?> timer;
  private int added;

  /// Whether there are clients. Any thread reads it, to skip a wake-up of an empty loop.
  private volatile boolean inhabited;

  /// @param everyTick called at each tick while there are clients
  /// @param bugs receives what a client or `everyTick` throws
  ClientLoop(EventLoop loop, Timing timing, Runnable everyTick, HostClock clock, RareRemarks bugs) {
    this.clock = clock;
    this.bugs = bugs;
    this.loop = loop;
    this.timing = timing;
    this.everyTick = everyTick;
  }

  /// When to send the first ping to a client that is added now, by the monotonic clock.
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

  /// Makes all clients send new records. Any thread.
  void wake() {
    // A queued task that has not started yet will see the new records, too.
    if (inhabited && !woken.get() && woken.compareAndSet(false, true) && !execute(this::advance)) {
      woken.set(false);
    }
  }

  /// Runs a task on the event loop; false if the loop has ended, and its clients with it. Any
  /// thread.
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
    forEach(Client::advance);
  }

  private void tick() {
    long now = clock.nanoTime();
    forEach(client -> client.tick(now));
    try {
      everyTick.run();
    } catch (RuntimeException | Error e) {
      // Or the timer would end.
      bugs.bug("the stream", e);
    }
  }

  /// Applies the action to each client. A client whose action throws is closed; the others go on.
  /// Runs backwards, because an action may remove its client from the list.
  private void forEach(Consumer<Client> action) {
    for (int i = clients.size() - 1; i >= 0; i--) {
      Client client = clients.get(i);
      try {
        action.accept(client);
      } catch (RuntimeException | Error e) {
        bugs.bug("a client of the stream", e);
        client.close(Client.INTERNAL, "a bug");
      }
    }
  }

  /// Ends all connections with this close code and reason. Any thread.
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
