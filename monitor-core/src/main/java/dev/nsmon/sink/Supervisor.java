package dev.nsmon.sink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Supervises the threads and sinks of a service. Each reports its failures here as a [Component]
/// and is restarted, or the process ends. Safe for use by any thread.
public final class Supervisor {
  private final Consumer<String> remarks;
  private final Exit exit;
  private final Outage.Pause pause;
  private final LongSupplier nanoTime;
  private final List<Component> components = new ArrayList<>();

  /// The two ways to end the process, both with exit code 1.
  public interface Exit {
    /// Begins an orderly shutdown, in which sinks still receive the remaining events. Returns at
    /// once.
    void orderly();

    /// Ends the process at once, because its state can't be relied on.
    void now();
  }

  /// The work of a component.
  public interface Task {
    /// Runs until the work is done. Any exception except InterruptedException is a failure, after
    /// which it runs again.
    ///
    /// @throws InterruptedException if it is to stop
    void run() throws Exception;
  }

  /// @param remarks receives messages for people; called by any thread
  /// @param pause how a thread sleeps before a restart
  /// @param nanoTime monotonic time
  public Supervisor(
      Consumer<String> remarks, Exit exit, Outage.Pause pause, LongSupplier nanoTime) {
    this.remarks = remarks;
    this.exit = exit;
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  /// Adds a component, which counts as working until it reports a failure.
  public Component component(String name) {
    Component component = new Component(name, this);
    synchronized (components) {
      components.add(component);
    }
    return component;
  }

  /// Removes a component that has ended.
  public void remove(Component component) {
    synchronized (components) {
      components.remove(component);
    }
  }

  /// Runs a task on a daemon thread until it returns; restarts it after a failure.
  ///
  /// @param name name of the component and of its thread
  public Thread start(String name, Task task) {
    Component component = component(name);
    return Thread.ofPlatform().daemon().name(name).start(() -> run(component, task));
  }

  private static void run(Component component, Task task) {
    try {
      while (true) {
        try {
          task.run();
          return;
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception | Error e) {
          component.pause(component.failed(e));
          component.works();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// All components, in the order in which they were added.
  public List<Component> components() {
    synchronized (components) {
      return List.copyOf(components);
    }
  }

  /// Reports the exception that ended a thread of no component. After an OutOfMemoryError the
  /// process ends.
  public void uncaught(Thread thread, Throwable cause) {
    if (isOutOfMemory(cause)) {
      outOfMemory(cause);
      return;
    }
    remarks.accept("thread " + thread.getName() + " has failed: " + words(cause));
  }

  void say(String words) {
    remarks.accept(words);
  }

  /// Shuts the process down in order, because a component can't be restarted.
  void end(String reason) {
    remarks.accept(reason + "; nsmon ends with exit code 1");
    exit.orderly();
  }

  /// Ends the process at once: an OutOfMemoryError may have left any thread in an unknown state.
  void outOfMemory(Throwable cause) {
    try {
      remarks.accept("out of memory: " + words(cause) + "; nsmon ends with exit code 1");
    } finally {
      exit.now();
    }
  }

  void sleep(Duration time) throws InterruptedException {
    pause.sleep(time);
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /// True if this is an OutOfMemoryError or was caused by one.
  public static boolean isOutOfMemory(Throwable cause) {
    Throwable one = cause;
    for (int depth = 0; one != null && depth < 16; depth++) {
      if (one instanceof OutOfMemoryError) {
        return true;
      }
      one = one.getCause();
    }
    return false;
  }

  /// The exception and the place where it was thrown, for a message.
  public static String words(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length == 0 ? cause.toString() : cause + " at " + trace[0];
  }
}
