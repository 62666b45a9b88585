package dev.nsmon.namespace;

/// What a look could and could not see.
///
/// @param processes processes listed, kernel threads among them
/// @param denied processes whose namespaces the kernel would not show
/// @param zombies processes that have exited and were not reaped
/// @param vanished processes that were listed and gone before they were read
/// @param read processes whose links were read; the others had not run since the look before
/// @param nanos how long the look took
public record LookReport(
    int processes, int denied, int zombies, int vanished, int read, long nanos) {}
