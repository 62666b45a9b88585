package dev.nsmon.perf;

/// A request of [dev.nsmon.push.PushSource#follow]: report everything that these processes do.
///
/// @param nanos when it was made, by the clock of the kernel's time stamps. A process that is
///   forked later may reuse one of the pids; the request does not cover it.
@SuppressWarnings("ArrayRecordComponent")
record Followed(int[] pids, long nanos) {}
