/// What exists: namespaces, the tasks in them, and the snapshot that one look makes of both. Only
/// values; nothing here reads the kernel or a clock.
///
/// Unknown is never guessed: an unknown number is -1, an unknown text is empty, an unknown
/// namespace is missing from its set, and whoever writes them out leaves them out.
package dev.nsmon.namespace;
