package dev.nsmon.push;

import java.util.List;
import java.util.OptionalLong;

/// What a push source says.
public sealed interface Push {

  /// Records in the order of their times, later than those of the batch before.
  ///
  /// @param untilNanos every record older than this has been handed over or dismissed
  ///   ([dev.nsmon.namespace.HostClock#nanoTime()])
  record Batch(List<KernelRecord> records, long untilNanos) implements Push {}

  /// The kernel, or the source, had to drop records.
  ///
  /// @param count how many; empty if that is not known
  record Lost(OptionalLong count) implements Push {}

  /// The source reports nothing until it says [Up].
  ///
  /// @param why in words for people
  record Down(String why) implements Push {}

  /// The source reports again; what happened in between is lost.
  record Up() implements Push {}
}
