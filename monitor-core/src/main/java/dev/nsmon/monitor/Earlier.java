package dev.nsmon.monitor;

import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.BirthIds;
import java.util.Optional;

/// The state of the host at the end of an earlier run, as that run reported it.
///
/// @param snapshot the last reported state. Its time is that of the last known observation of it:
///   changes that the first scan finds are later.
/// @param generation the highest generation in the key of a namespace
/// @param earlierBoot boot id of the earlier run; empty if the host has not been booted since
/// @param born the kernel's ids at the end of the earlier run; empty if it did not end in order or
///   could not read them
public record Earlier(
    Snapshot snapshot, int generation, Optional<String> earlierBoot, Optional<BirthIds> born) {}
