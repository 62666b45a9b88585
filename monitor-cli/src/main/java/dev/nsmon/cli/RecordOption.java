package dev.nsmon.cli;

import picocli.CommandLine.Option;

/// How records of the stream are written.
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
