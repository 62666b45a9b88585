/// Values for what exists on a host: namespaces, the tasks in them, and the snapshot of both that
/// one scan makes. Nothing here reads the kernel or a clock.
///
/// Unknown is never guessed. An unknown number is -1, an unknown text is empty, and an unknown
/// namespace is missing from its set. Formats omit all of them.
package dev.nsmon.namespace;
