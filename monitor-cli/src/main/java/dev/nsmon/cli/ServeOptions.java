package dev.nsmon.cli;

import dev.nsmon.kafka.BadPropertiesException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/// All options of `serve` that a configuration can hold.
final class ServeOptions {
  @Mixin MonitorOptions looking;

  @Mixin JournalOptions keeping;

  @Mixin PublishOptions publishing;

  @Mixin FileOptions filing;

  @Mixin SyslogOptions syslog;

  @Mixin ListenOptions listening;

  /// Reports values that are out of range and options that contradict each other.
  void check(Faults faults) {
    looking.check(faults);
    keeping.check(faults);
    publishing.check(faults, keeping.isWanted());
    filing.check(faults);
    syslog.check(faults);
    listening.check(faults);
    checkPaths(faults);
  }

  /// Reads the files of the listener and of syslog as a start does, and reports errors in them.
  void checkFiles(Faults faults) {
    listening.checkFiles(faults);
    syslog.checkFiles(faults);
  }

  /// Reads the properties of the Kafka clients and returns errors in them.
  List<BadPropertiesException> prepare(Map<String, String> environment) {
    return publishing.prepare(environment);
  }

  /// Checks the properties of the Kafka clients by themselves, and returns errors in them. Reads no
  /// file.
  List<BadPropertiesException> checkForm() {
    return publishing.checkForm();
  }

  /// Problems that may be temporary and do not prevent a start. Blocks for some seconds if a broker
  /// or receiver does not answer.
  List<Faults.Fault> warnings() throws InterruptedException {
    StartWarnings warnings = new StartWarnings();
    keeping
        .path()
        .ifPresent(
            path ->
                warnings.file("--journal", path, "keeps events in memory until it can write them"));
    filing.path().ifPresent(path -> warnings.file("--file", path, "tries on"));
    syslog.place().ifPresent(to -> warnings.receiver("--syslog", to.host(), to.port()));
    publishing
        .brokers()
        .forEach(to -> warnings.receiver("--kafka", to.getHostString(), to.getPort()));
    return warnings.all();
  }

  /// Reports a `--file` or `--journal` that is also a file to read: events would overwrite it.
  private void checkPaths(Faults faults) {
    Map<Path, String> uses = new HashMap<>();
    publishing.config().ifPresent(path -> uses.putIfAbsent(absolute(path), "--kafka-config"));
    syslog.ca().ifPresent(path -> uses.putIfAbsent(absolute(path), "--syslog-ca"));
    listening.files().forEach((option, path) -> uses.putIfAbsent(absolute(path), option));
    keeping.path().ifPresent(path -> checkPath(faults, "--journal", path, uses));
    filing.path().ifPresent(path -> checkPath(faults, "--file", path, uses));
  }

  private static void checkPath(Faults faults, String option, Path path, Map<Path, String> uses) {
    String other = uses.putIfAbsent(absolute(path), option);
    if (other != null) {
      faults.add(option, " is the file of " + other + " too");
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
