package dev.nsmon.namespace;

/// Statistics of a scan: what it could and could not read.
///
/// @param processes processes listed, including kernel threads
/// @param denied processes whose namespaces the kernel denied access to
/// @param zombies processes that have exited and were not reaped
/// @param vanished processes that were listed but gone before they were read
/// @param read processes whose links were read; the others had not run since the previous scan
/// @param nanos duration of the scan in nanoseconds
public record LookReport(
    int processes, int denied, int zombies, int vanished, int read, long nanos) {}
