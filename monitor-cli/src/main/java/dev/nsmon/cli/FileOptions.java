package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.format.Host;
import dev.nsmon.format.Style;
import dev.nsmon.format.TextFormat;
import dev.nsmon.sink.FileSink;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The file that `serve` appends events to.
final class FileOptions {
  private static final int BATCH = 4096;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "Append events to this file. It is opened anew at SIGHUP.")
  private Path path;

  @Option(
      names = "--file-format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      converter = Converters.OfRecords.class,
      description = "json (default), cloudevents, ecs, ocsf, cef, syslog or text.")
  private RecordChoice format;

  @Option(
      names = "--file-size",
      paramLabel = "SIZE",
      defaultValue = "100MiB",
      converter = Converters.OfSize.class,
      description = "How large it grows before another one begins. Default: ${DEFAULT-VALUE}.")
  private long size;

  @Option(
      names = "--file-keep",
      paramLabel = "N",
      defaultValue = "5",
      converter = Converters.OfCount.class,
      description =
          "How many full files stay, as PATH.1, PATH.2 and so on. Default: ${DEFAULT-VALUE}.")
  private long keep;

  /// @throws ParameterException if options contradict each other
  void check() {
    if (path == null) {
      for (String option : List.of("--file-format", "--file-size", "--file-keep")) {
        if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
          throw new ParameterException(spec.commandLine(), option + " needs --file");
        }
      }
    }
  }

  /// What carries events there; none if there is to be no file.
  ///
  /// @param stream the stream that numbers belong to
  List<Publisher> publishers(Host host, String stream) {
    if (path == null) {
      return List.of();
    }
    TextFormat text = new TextFormat(Style.PLAIN, ZoneId.systemDefault()).withDate();
    FileSink sink =
        new FileSink(
            path.toAbsolutePath(),
            format.format(host, stream, text),
            size,
            Math.toIntExact(keep),
            Words::say);
    Hangups.then(sink::reopen);
    return List.of(new Publisher("file:" + path.toAbsolutePath(), true, sink, BATCH));
  }
}
