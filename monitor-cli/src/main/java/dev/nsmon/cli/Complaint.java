package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import java.util.Comparator;

/// A mistake in a configuration.
///
/// @param option the name of the option that it is about; "" if it is about none
/// @param words with the place, one line for people
record Complaint(Origin origin, String option, String words) {
  /// As they stand in the file, then the others.
  static final Comparator<Complaint> IN_ORDER =
      Comparator.comparingInt((Complaint one) -> one.origin instanceof Origin.Line ? 0 : 1)
          .thenComparingInt(one -> one.origin instanceof Origin.Line at ? at.line() : 0)
          .thenComparingInt(one -> one.origin instanceof Origin.Line at ? at.column() : 0);
}
