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

/// What the runtimes of this host call its containers, as far as they have been asked. Whoever
/// wants to know is told at once; what is not known yet is asked for meanwhile, on a thread of its
/// own.
///
/// Keeps the answers to the last 4096 containers. A name is asked for again after ten minutes, for
/// containers are renamed; what no runtime knew, after five seconds, for it may be made a moment
/// after its first process, and then each time after twice as long, up to ten minutes.
public final class RuntimeNames implements AutoCloseable {
  private static final int MOST = 4096;
  private static final int MOST_QUESTIONS = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private final UnixConnector connector = new UnixConnector(PATIENCE);
  private final BlockingQueue<Container> questions = new ArrayBlockingQueue<>(MOST_QUESTIONS);
  private final List<Asked> sockets;
  private final LongSupplier nanoTime;
  private final Thread thread;

  /// By id; those asked for longest ago are dropped. Under its own lock.
  private final Map<String, Answer> answers =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > MOST;
        }
      };

  private RuntimeNames(
      List<RuntimeSocket> sockets, Consumer<String> remarks, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.sockets =
        sockets.stream().map(socket -> new Asked(connector, socket, remarks, nanoTime)).toList();
    this.thread = Thread.ofPlatform().daemon().name("runtime-names").unstarted(this::run);
  }

  /// Starts it.
  ///
  /// @param sockets whom to ask, in this order
  /// @param remarks takes words for people, when the condition of a socket changes
  /// @param nanoTime monotonic time
  public static RuntimeNames ask(
      List<RuntimeSocket> sockets, Consumer<String> remarks, LongSupplier nanoTime) {
    RuntimeNames names = new RuntimeNames(sockets, remarks, nanoTime);
    names.thread.start();
    return names;
  }

  /// What this container is called, as far as that is known by now. Any thread may ask; none waits.
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
        Container container = questions.take();
        Optional<ContainerName> name = find(container);
        synchronized (answers) {
          Answer known = answers.getOrDefault(container.id(), Answer.NONE);
          answers.put(container.id(), known.answered(name, nanoTime.getAsLong()));
        }
      }
    } catch (InterruptedException e) {
      // The end.
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

  /// Ends it. A program that ends need not: its threads are daemons.
  @Override
  public void close() {
    thread.interrupt();
    connector.close();
  }
}
