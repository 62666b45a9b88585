package dev.nsmon.monitor;

import java.time.Duration;

/// How often a [Monitor] looks.
///
/// @param interval from look to look where nothing is pushed; where a push source works, how often
///   to ask after namespaces that no process is in
/// @param reconcile how often to compare everything with what a push source has told
public record MonitorSettings(Duration interval, Duration reconcile) {
  /// How often to compare with what was pushed unless something else is asked for.
  public static final Duration RECONCILE = Duration.ofSeconds(30);
}
