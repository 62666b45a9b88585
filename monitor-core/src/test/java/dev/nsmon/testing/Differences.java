package dev.nsmon.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;

/// Compares two views of a host on which other processes create and leave namespaces meanwhile.
public final class Differences {
  private Differences() {}

  /// Waits until each difference of the first comparison was absent in a later one. A difference
  /// that is new in a later comparison is ignored: another process causes it.
  ///
  /// @param patience how long to wait, and how often to compare
  /// @param compare gives the present differences; if it throws an AssertionError, the comparison
  ///   is repeated and does not count
  /// @param said the message of the failure
  public static void awaitNone(
      ConditionFactory patience, Callable<? extends Set<String>> compare, Supplier<String> said) {
    Set<String> left = new TreeSet<>();
    boolean[] compared = {false};
    patience.untilAsserted(
        () -> {
          Set<String> now = compare.call();
          if (compared[0]) {
            left.retainAll(now);
          } else {
            left.addAll(now);
            compared[0] = true;
          }
          assertEquals(Set.of(), left, said);
        });
  }
}
