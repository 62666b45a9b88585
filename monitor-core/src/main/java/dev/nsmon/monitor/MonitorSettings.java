package dev.nsmon.monitor;

import java.time.Duration;

/// The intervals of a [Monitor].
///
/// @param interval from one full scan to the next while no push source works. While one works, from
///   one liveness check of the namespaces without members to the next.
/// @param reconcile from one comparison of `/proc` with the records of a push source to the next
public record MonitorSettings(Duration interval, Duration reconcile) {
  /// The default interval from one comparison with the records of a push source to the next.
  public static final Duration RECONCILE = Duration.ofSeconds(30);
}
