package dev.nsmon.cli;

import dev.nsmon.kafka.BadPropertiesException;
import java.util.Map;
import picocli.CommandLine.Mixin;

/// All that `serve` can be told.
final class ServeOptions {
  @Mixin MonitorOptions looking;

  @Mixin JournalOptions keeping;

  @Mixin PublishOptions publishing;

  @Mixin FileOptions filing;

  @Mixin SyslogOptions syslog;

  @Mixin ListenOptions listening;

  /// Finds values that are out of range, and options that contradict each other.
  void check(Faults faults) {
    looking.check(faults);
    keeping.check(faults);
    publishing.check(faults, keeping.isWanted());
    filing.check(faults);
    syslog.check(faults);
    listening.check(faults);
  }

  /// Reads what the options name and a start needs.
  ///
  /// @throws BadPropertiesException if it can't be used
  void prepare(Map<String, String> environment) throws BadPropertiesException {
    publishing.prepare(environment);
  }
}
