package dev.nsmon.corpus;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Marks a scenario that says what is right and that the product fails, on some kernels at least.
/// When it begins to pass on one of them, it fails: then the kernel is to be taken from the list,
/// and the annotation with the last.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KnownWrongList.class)
@interface KnownWrong {
  /// Where the product is wrong.
  KernelKind[] on();

  /// What it does instead, and why.
  String because();
}
