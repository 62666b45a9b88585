package dev.nsmon.monitor;

import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.BirthIds;
import java.util.Optional;

/// The last state of the host that an earlier run has told.
///
/// @param snapshot as of the last look that did not show what is to come
/// @param generation the highest that was used for the key of a namespace
/// @param earlierBoot the boot it was in, where that is not the present one
/// @param born the kernel's ids at its end; empty if it did not end in order or they could not be
///   told
public record Earlier(
    Snapshot snapshot, int generation, Optional<String> earlierBoot, Optional<BirthIds> born) {}
