/// The commands, and the only place where the rooms are wired together. Options, variables and the
/// configuration file of `serve` are one: the latter two become options, which alone are checked.
package dev.nsmon.cli;
