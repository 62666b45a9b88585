package dev.nsmon.namespace;

import java.util.Optional;

/// A namespace that existed at the previous scan and has ended since.
///
/// @param lastMember the last task that was observed in it; empty if there was none
public record Ended(Namespace namespace, Evidence evidence, Optional<Task> lastMember) {}
