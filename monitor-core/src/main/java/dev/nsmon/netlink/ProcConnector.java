package dev.nsmon.netlink;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.Push;
import dev.nsmon.push.PushSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Tells what tasks do by the kernel's proc connector: every fork, exec and exit on the host, and
/// nothing of `unshare(2)` and `setns(2)`. It names no namespaces and no names.
///
/// A platform thread, `proc-connector`, reads and hands over; a wait in a system call would pin the
/// carrier of a virtual one. If the socket fails, it is opened anew, at first after a tenth of a
/// second, at last every half minute.
///
/// Root can send to the socket as well as the kernel. Such datagrams are dropped and counted.
public final class ProcConnector implements PushSource {
  /// What is asked for; the kernel doubles it. An event takes 832 bytes of it, so it holds 80,000
  /// of them: more than a second of the heaviest storm that two cores can raise.
  private static final int BUFFER = 32 * 1024 * 1024;

  /// Between two looks while events are many. A shorter one costs more, and a longer one brings
  /// little more: what is left by then is the event itself.
  private static final Duration PAUSE = Duration.ofMillis(3);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration LAST_BACKOFF = Duration.ofSeconds(30);

  private final Inodes initial;
  private final HostClock clock;
  private final int bufferBytes;
  private final Libc libc = new Libc();
  private final Inbox inbox = new Inbox(libc);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Reader reader;
  private volatile Thread thread;

  /// @param initial the namespaces of the host, as far as they are known
  /// @param clock the one that the kernel stamps its records by
  public ProcConnector(Inodes initial, HostClock clock) {
    this(initial, clock, BUFFER, PAUSE);
  }

  ProcConnector(Inodes initial, HostClock clock, int bufferBytes, Duration pause) {
    this.initial = initial;
    this.clock = clock;
    this.bufferBytes = bufferBytes;
    this.reader = new Reader(inbox, pause.toNanos(), stop, clock);
  }

  @Override
  public synchronized void start(Consumer<Push> out) throws IOException {
    if (thread != null) {
      throw new IllegalStateException("it has been started");
    }
    refuseChildren();
    ConnectorSocket socket = open();
    thread = Thread.ofPlatform().daemon().name("proc-connector").unstarted(() -> run(socket, out));
    thread.start();
  }

  @Override
  public void hasten() {
    Urgency.ofThisThread();
  }

  private ConnectorSocket open() throws IOException {
    return ConnectorSocket.open(libc, inbox, bufferBytes, clock::nanoTime);
  }

  /// The kernel ignores those in a child pid or user namespace without a word, and is not reached
  /// from another network namespace.
  private void refuseChildren() throws IOException {
    for (NamespaceType type :
        new NamespaceType[] {NamespaceType.PID, NamespaceType.USER, NamespaceType.NET}) {
      long hosts = initial.of(type);
      String own = own(type);
      if (hosts != 0 && !own.isEmpty() && !own.equals(type + ":[" + hosts + "]")) {
        throw new IOException(
            "the kernel tells nobody in a child " + type + " namespace, such as " + own);
      }
    }
  }

  /// Empty if it can't be told, as without /proc: then the kernel's answer decides.
  private static String own(NamespaceType type) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/" + type)).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private void run(ConnectorSocket first, Consumer<Push> out) {
    ConnectorSocket socket = first;
    Urgency.ofThisThread();
    try {
      while (socket != null) {
        try {
          reader.read(socket, out);
          return;
        } catch (IOException e) {
          socket.close();
          socket = null;
          out.accept(new Push.Down("the proc connector has failed: " + e.getMessage()));
          socket = reopen();
          if (socket != null) {
            out.accept(new Push.Up());
          }
        }
      }
    } catch (RuntimeException | Error e) {
      out.accept(new Push.Down("the proc connector source has failed, which is a bug: " + e));
      throw e;
    } catch (InterruptedException e) {
      out.accept(new Push.Down("the thread of the proc connector was interrupted"));
    } finally {
      if (socket != null) {
        socket.close();
      }
    }
  }

  /// A new socket; null if it was closed meanwhile.
  private ConnectorSocket reopen() throws InterruptedException {
    Duration backoff = FIRST_BACKOFF;
    while (!clock.await(stop, backoff)) {
      try {
        return open();
      } catch (IOException e) {
        Duration twice = backoff.multipliedBy(2);
        backoff = twice.compareTo(LAST_BACKOFF) < 0 ? twice : LAST_BACKOFF;
      }
    }
    return null;
  }

  @Override
  public void follow(int[] pids) {
    for (int pid : pids) {
      if (!EventDecoder.isPid(pid)) {
        throw new IllegalArgumentException("no pid: " + pid);
      }
    }
    reader.follow(pids.clone());
  }

  /// How many datagrams came from somebody else than the kernel. May be called by any thread.
  public long foreign() {
    return reader.foreign();
  }

  /// How many events were of a kind that this program does not know.
  long unknown() {
    return reader.unknown();
  }

  /// Waits for the call of `out` that is under way, if any, and a tenth of a second at most.
  @Override
  public void close() {
    stop.countDown();
    Thread reading = thread;
    if (reading == null || reading == Thread.currentThread()) {
      return;
    }
    boolean interrupted = false;
    while (reading.isAlive()) {
      try {
        reading.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
