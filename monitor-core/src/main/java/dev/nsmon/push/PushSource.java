package dev.nsmon.push;

import java.io.IOException;
import java.util.function.Consumer;

/// Reports what tasks do as it happens. It says where to look, or hands over what the kernel said
/// of a task, and never makes an event.
///
/// It dismisses by itself what can't be news: tasks that are, and were, in the initial namespaces
/// only. For that it must be told by [#follow] which are not; before the first such call it
/// dismisses nothing.
public interface PushSource extends AutoCloseable {

  /// Opens it and has a thread of its own hand what it says to `out`, in order, until [#close].
  /// Whatever happens after this has returned is reported.
  ///
  /// @throws IOException if the kernel refuses, with a message that says why
  void start(Consumer<Push> out) throws IOException;

  /// Processes that are not in the initial namespaces, or are otherwise of interest: whatever they
  /// do is reported until they exit. May be called by any thread; adds to what was said before.
  void follow(int[] pids);

  /// Has the calling thread, the one that takes what is handed over, run as soon as the kernel can
  /// let it, where what is handed over must be looked at while the process is still there.
  default void hasten() {}

  /// Ends it: nothing is handed over any more when this has returned.
  @Override
  void close();
}
