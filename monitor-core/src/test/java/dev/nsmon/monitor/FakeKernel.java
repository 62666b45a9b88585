package dev.nsmon.monitor;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/// The calls of the real kernel, but for those that a test has fail, and with something done at
/// each that a test wants to know of.
final class FakeKernel {
  private final Map<String, Integer> failing = new HashMap<>();
  private final Map<String, Runnable> before = new HashMap<>();

  /// Has a call fail from now on.
  ///
  /// @param call the name of a method of [KernelCalls]
  /// @param errno 0 to have it work again
  void fail(String call, int errno) {
    failing.put(call, errno);
  }

  /// Runs this before each such call.
  void before(String call, Runnable action) {
    before.put(call, action);
  }

  /// For one thread.
  KernelCalls calls() {
    Libc libc = new Libc();
    return (KernelCalls)
        Proxy.newProxyInstance(
            KernelCalls.class.getClassLoader(),
            new Class<?>[] {KernelCalls.class},
            (_, method, args) -> {
              before.getOrDefault(method.getName(), () -> {}).run();
              int errno = failing.getOrDefault(method.getName(), 0);
              if (errno != 0) {
                return method.getReturnType() == long.class ? (Object) (long) -errno : -errno;
              }
              try {
                return method.invoke(libc, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
