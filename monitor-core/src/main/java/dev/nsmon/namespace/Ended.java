package dev.nsmon.namespace;

import java.util.Optional;

/// A namespace that was there at the look before and has ended since.
///
/// @param lastMember the task that was last seen in it; empty if none ever was
public record Ended(Namespace namespace, Evidence evidence, Optional<Task> lastMember) {}
