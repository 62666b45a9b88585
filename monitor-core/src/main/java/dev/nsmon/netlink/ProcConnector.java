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

/// Push source that reads the kernel's proc connector: every fork, exec and exit on the host. It
/// reports neither `unshare(2)` and `setns(2)` nor inodes of namespaces nor names of processes.
///
/// A platform thread named `proc-connector` reads and delivers; a blocking system call would pin
/// the carrier of a virtual thread. After a failure the socket is opened again, with exponential
/// backoff from 100 ms to 30 s.
///
/// Another process of root can send to the socket too. Such datagrams are dropped and counted.
public final class ProcConnector implements PushSource {
  /// The requested size; the kernel doubles it. An event takes 832 bytes of the buffer, so it holds
  /// 80,000: more than one second of the heaviest fork storm of two cores.
  private static final int BUFFER = 32 * 1024 * 1024;

  /// The pause between two drains while events are many. A shorter one costs more, and a longer one
  /// saves little: what then remains is the cost of the events themselves.
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

  /// @param initial inodes of the host's initial namespaces; 0 where unknown
  /// @param clock the clock of the kernel's time stamps
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

  /// Fails in a child namespace. The kernel silently ignores a listener in a child pid or user
  /// namespace, and can't be reached from another network namespace.
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

  /// The target of the `/proc/self/ns` link. Empty if it can't be read, as without /proc; then the
  /// kernel's answer to the subscription decides.
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
        } catch (IOException | RuntimeException | Error e) {
          socket.close();
          socket = null;
          out.accept(new Push.Down("the proc connector has failed: " + words(e)));
          if (e instanceof OutOfMemoryError end) {
            throw end;
          }
          socket = reopen();
          if (socket != null) {
            out.accept(new Push.Up());
          }
        }
      }
    } catch (InterruptedException e) {
      out.accept(new Push.Down("the thread of the proc connector was interrupted"));
    } finally {
      if (socket != null) {
        socket.close();
      }
    }
  }

  private static String words(Throwable cause) {
    return cause instanceof IOException ? cause.getMessage() : "which is a bug: " + cause;
  }

  /// Opens a new socket; null if the source was closed meanwhile.
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

  /// The number of datagrams whose sender is not the kernel. Any thread.
  public long foreign() {
    return reader.foreign();
  }

  /// The number of events of an unknown kind.
  long unknown() {
    return reader.unknown();
  }

  /// Stops the source and waits for its thread. A running call of `out` ends first. `poll(2)` may
  /// take another 250 ms, and opening the socket again up to 1 s. A call from the source's own
  /// thread returns at once.
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
