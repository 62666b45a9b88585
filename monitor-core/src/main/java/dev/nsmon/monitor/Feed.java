package dev.nsmon.monitor;

import dev.nsmon.event.Source;
import dev.nsmon.push.PushSource;

/// A push source that the monitor may use, and its name.
///
/// @param name the name of the source in events
public record Feed(Source name, PushSource source) {}
