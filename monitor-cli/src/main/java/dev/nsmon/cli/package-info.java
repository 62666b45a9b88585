/// The commands, and the only place where the rooms are wired together.
package dev.nsmon.cli;
