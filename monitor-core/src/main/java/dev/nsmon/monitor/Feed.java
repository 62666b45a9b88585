package dev.nsmon.monitor;

import dev.nsmon.event.Source;
import dev.nsmon.push.PushSource;

/// A push source that the monitor may use.
///
/// @param name who it is to be called in the events
public record Feed(Source name, PushSource source) {}
