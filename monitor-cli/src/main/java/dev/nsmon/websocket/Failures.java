package dev.nsmon.websocket;

import dev.nsmon.sink.Supervisor;
import io.netty.handler.codec.CodecException;
import java.io.IOException;

/// Check of failures that are caught for one client or request, while the thread goes on.
final class Failures {
  private Failures() {}

  /// Whether a client or the network causes this: the connection broke, or what was received can't
  /// be decoded.
  static boolean isOfConnection(Throwable cause) {
    return cause instanceof IOException || cause instanceof CodecException;
  }

  /// Passes an OutOfMemoryError to the thread's uncaught exception handler, as if it had ended the
  /// thread. After it, no state of the process can be relied on.
  static void check(Throwable cause) {
    if (Supervisor.isOutOfMemory(cause)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }
}
