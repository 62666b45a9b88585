package dev.nsmon.testing;

import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Fails a test in whose helper threads an exception was not caught. Without it such a thread ends,
/// and the test passes or waits for what never comes.
///
/// JUnit finds it by `META-INF/services`. A thread belongs to the test whose thread, or whose
/// thread's thread, started it. What a future keeps for whoever asks is no uncaught exception.
public final class HelperThreads implements BeforeEachCallback, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(HelperThreads.class);

  /// What the threads of one test did not catch. Each thread inherits it from the one that makes
  /// it.
  private static final InheritableThreadLocal<List<Throwable>> UNCAUGHT =
      new InheritableThreadLocal<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    context.getStore(NAMESPACE).put(List.class, uncaught);
    UNCAUGHT.set(uncaught);
    Thread.setDefaultUncaughtExceptionHandler(HelperThreads::add);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    UNCAUGHT.remove();
    List<?> uncaught = context.getStore(NAMESPACE).get(List.class, List.class);
    if (!uncaught.isEmpty()) {
      AssertionError failure = new AssertionError("an exception in a helper thread was not caught");
      new ArrayList<>(uncaught).forEach(one -> failure.addSuppressed((Throwable) one));
      throw failure;
    }
  }

  /// Waits for the exception of which a helper thread of this test is to die, and takes it from
  /// those that fail the test.
  public static Throwable awaitUncaught() {
    List<Throwable> uncaught = UNCAUGHT.get();
    await("an exception that is not caught").until(() -> !uncaught.isEmpty());
    return uncaught.removeFirst();
  }

  private static void add(Thread thread, Throwable failure) {
    List<Throwable> uncaught = UNCAUGHT.get();
    if (uncaught != null) {
      uncaught.add(failure);
    }
    System.err.println("uncaught in " + thread + ":");
    failure.printStackTrace();
  }
}
