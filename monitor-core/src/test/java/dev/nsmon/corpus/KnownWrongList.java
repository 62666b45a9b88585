package dev.nsmon.corpus;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/// Lets a scenario fail where [KnownWrong] says that it does, and nowhere else. An exception that
/// is no failed assertion is always a failure.
final class KnownWrongList implements InvocationInterceptor {
  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    KnownWrong wrong = method.getExecutable().getAnnotation(KnownWrong.class);
    Scenario scenario = (Scenario) context.getRequiredTestInstance();
    if (wrong == null || !List.of(wrong.on()).contains(scenario.kind)) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (AssertionError _) {
      return;
    }
    throw new AssertionError(
        "is right now on " + scenario.kind + ", take it from the list: " + wrong.because());
  }
}
