package dev.nsmon.cli;

import java.lang.reflect.Proxy;

/// SIGHUP, by which a service is told to open its files anew, and to read its configuration again.
final class Hangups {
  private Hangups() {}

  /// Does this at each SIGHUP, on a thread of the JVM; without it the signal ends the process.
  /// Where signals can't be had, nothing is done.
  static void then(Runnable action) {
    try {
      // By reflection, for the compiler warns of the only class that can do this.
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
