package dev.nsmon.cli;

import picocli.CommandLine.Option;

/// The output format of commands that print events.
final class RecordOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = Converters.OfRecords.class,
      description =
          "text, or one record a line: json, cloudevents, ecs (Elastic Common Schema), ocsf, cef,"
              + " syslog (RFC 5424).")
  RecordChoice choice;
}
