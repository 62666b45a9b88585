/// The commands of nsmon, and the wiring of all other packages.
///
/// A command is a picocli class whose name ends in `Command`; [dev.nsmon.cli.Main] lists them.
/// Option classes parse and check values and create the settings of other packages. Environment
/// variables and the configuration file of `serve` become options, so only options are checked
/// ([dev.nsmon.cli.Configuration]). [dev.nsmon.cli.Serving] runs the parts of `serve`. Start
/// reading at [dev.nsmon.cli.WatchCommand], the shortest wiring of a monitor to a sink.
package dev.nsmon.cli;
