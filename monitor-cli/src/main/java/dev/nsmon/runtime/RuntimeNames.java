package dev.nsmon.runtime;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.ContainerName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/// A cache of container names, filled by queries to the container runtimes of this host. Lookups
/// never block. Unknown names are queried on a thread of the cache, and later lookups return them.
///
/// The cache keeps the 4096 containers that were looked up most recently. A name is queried again
/// when it is looked up after ten minutes, since containers can be renamed. An unknown container is
/// queried again after five seconds: a runtime may register it after its first process starts. That
/// pause doubles with each failure, up to ten minutes.
public final class RuntimeNames implements AutoCloseable {
  private static final int MOST = 4096;
  private static final int MOST_QUESTIONS = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private final UnixConnector connector = new UnixConnector(PATIENCE);
  private final BlockingQueue<Container> questions = new ArrayBlockingQueue<>(MOST_QUESTIONS);
  private final List<Asked> sockets;
  private final LongSupplier nanoTime;
  private final Parent parent;
  private final Thread thread;

  /// Receives failures of the query thread.
  public interface Parent {
    /// Called on the query thread, which continues with the next query when this returns.
    ///
    /// @throws InterruptedException to end the thread
    void failed(Throwable cause) throws InterruptedException;
  }

  /// Answers by container id, in order of access; the least recently used is evicted. Guarded by
  /// its own lock.
  private final Map<String, Answer> answers =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > MOST;
        }
      };

  private RuntimeNames(
      List<RuntimeSocket> sockets, Consumer<String> remarks, Parent parent, LongSupplier nanoTime) {
    this.parent = parent;
    this.nanoTime = nanoTime;
    this.sockets =
        sockets.stream().map(socket -> new Asked(connector, socket, remarks, nanoTime)).toList();
    this.thread = Thread.ofPlatform().daemon().name("runtime-names").unstarted(this::run);
  }

  /// Creates a cache and starts its query thread.
  ///
  /// @param sockets in the order of queries
  /// @param remarks takes a line for people when a socket begins to fail or works again
  /// @param parent takes unexpected exceptions of the query thread
  /// @param nanoTime monotonic time
  public static RuntimeNames ask(
      List<RuntimeSocket> sockets, Consumer<String> remarks, Parent parent, LongSupplier nanoTime) {
    RuntimeNames names = new RuntimeNames(sockets, remarks, parent, nanoTime);
    names.thread.start();
    return names;
  }

  /// The name of this container as far as it is known; [ContainerName#NONE] if it is not, or if its
  /// id is not 64 hexadecimal digits. Queues a query if one is due. Any thread; never blocks.
  public ContainerName of(Container container) {
    if (!ID.matcher(container.id()).matches()) {
      return ContainerName.NONE;
    }
    synchronized (answers) {
      Answer known = answers.get(container.id());
      boolean due = known == null || known.isDue(nanoTime.getAsLong());
      Answer answer = known == null ? Answer.NONE : known;
      if (due && questions.offer(container)) {
        answers.put(container.id(), answer.questioned());
      }
      return answer.name();
    }
  }

  private void run() {
    try {
      while (true) {
        try {
          answer(questions.take());
        } catch (RuntimeException | Error e) {
          parent.failed(e);
        }
      }
    } catch (InterruptedException e) {
      // close() has been called.
    }
  }

  private void answer(Container container) throws InterruptedException {
    Optional<ContainerName> name = Optional.empty();
    try {
      name = find(container);
    } finally {
      // After a failure too, or the container would never be queried again.
      synchronized (answers) {
        Answer known = answers.getOrDefault(container.id(), Answer.NONE);
        answers.put(container.id(), known.answered(name, nanoTime.getAsLong()));
      }
    }
  }

  private Optional<ContainerName> find(Container container) throws InterruptedException {
    for (Asked socket : sockets) {
      Optional<ContainerName> name = socket.name(container.runtime(), container.id());
      if (name.isPresent()) {
        return name;
      }
    }
    return Optional.empty();
  }

  /// Ends the query thread and the connections. Not needed before the process exits: all threads
  /// are daemons.
  @Override
  public void close() {
    thread.interrupt();
    connector.close();
  }
}
