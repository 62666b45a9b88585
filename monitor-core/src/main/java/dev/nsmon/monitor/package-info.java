/// The main loop, which connects the other packages: scan or receive records, compute the changes,
/// append events.
package dev.nsmon.monitor;
