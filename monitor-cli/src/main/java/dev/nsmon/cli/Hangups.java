package dev.nsmon.cli;

import java.lang.reflect.Proxy;

/// Handler for SIGHUP, the signal to reopen files and reload the configuration.
final class Hangups {
  private Hangups() {}

  /// Runs the action at each SIGHUP, on a thread of the JVM. Without a handler the signal ends the
  /// process. If the handler can't be installed, a message is printed.
  static void then(Runnable action) {
    try {
      // By reflection: the compiler warns about sun.misc.Signal, and the JDK has no other API.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> "SIGHUP";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
    } catch (ReflectiveOperationException e) {
      Words.say("SIGHUP can't be caught here: " + e.getMessage());
    }
  }
}
