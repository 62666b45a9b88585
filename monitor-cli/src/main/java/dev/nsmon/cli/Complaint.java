package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import java.util.Comparator;

/// An error in a configuration.
///
/// @param origin where the wrong value was given
/// @param option the name of the option; "" if the error is about none
/// @param words one line for people, which includes the origin
record Complaint(Origin origin, String option, String words) {
  /// Errors in the file by line and column, then the others.
  static final Comparator<Complaint> IN_ORDER =
      Comparator.comparingInt((Complaint one) -> one.origin instanceof Origin.Line ? 0 : 1)
          .thenComparingInt(one -> one.origin instanceof Origin.Line at ? at.line() : 0)
          .thenComparingInt(one -> one.origin instanceof Origin.Line at ? at.column() : 0);
}
