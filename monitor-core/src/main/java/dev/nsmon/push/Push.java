package dev.nsmon.push;

import java.util.List;
import java.util.OptionalLong;

/// A message from a push source to its consumer.
public sealed interface Push {

  /// Records in the order of time, none older than those of the previous batch. May be empty.
  ///
  /// @param untilNanos watermark: every older record has been delivered or dropped as irrelevant
  ///   ([dev.nsmon.namespace.HostClock#nanoTime()])
  record Batch(List<KernelRecord> records, long untilNanos) implements Push {}

  /// The kernel or the source has lost records.
  ///
  /// @param count how many; empty if unknown
  record Lost(OptionalLong count) implements Push {}

  /// The source has failed and delivers nothing until [Up].
  ///
  /// @param why the reason, for people
  record Down(String why) implements Push {}

  /// The source works again. All that happened since [Down] is lost.
  record Up() implements Push {}
}
