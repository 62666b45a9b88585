package dev.nsmon.push;

import java.io.IOException;
import java.util.function.Consumer;

/// A push source: delivers the kernel's records of what tasks do, as it happens. It never creates
/// an event.
///
/// It drops what is irrelevant: records of tasks that are, and always were, in the initial
/// namespaces only. [#follow] gives it the other tasks. Before the first such call it drops
/// nothing.
public interface PushSource extends AutoCloseable {

  /// Opens the source and starts its thread, which delivers to `out` in order until [#close].
  /// Everything that happens after this method has returned is delivered.
  ///
  /// @throws IOException if the kernel refuses, with a message that says why
  void start(Consumer<Push> out) throws IOException;

  /// Adds processes whose records are relevant, such as those outside the initial namespaces. All
  /// their records are delivered until they exit. Any thread.
  void follow(int[] pids);

  /// Raises the scheduling priority of the calling thread, if the source needs that. The consumer's
  /// thread calls it, because it must read a process before that process exits.
  default void hasten() {}

  /// Turns back-pressure on or off: while on, the source leaves records in the kernel's buffer,
  /// because the consumer lags. It resumes reading when the buffer is half full. Any thread.
  ///
  /// A source that can't see how full the buffer is ignores this.
  default void hold(boolean wanted) {}

  /// True if back-pressure is on ([#hold]) but the source reads, because a buffer of the kernel is
  /// half full. Any thread.
  default boolean isHalfFull() {
    return false;
  }

  /// Stops the source. Nothing is delivered after this has returned.
  @Override
  void close();
}
