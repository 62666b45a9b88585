package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.Style;
import dev.nsmon.format.TextFormat;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.sink.FileSink;
import dev.nsmon.sink.FilteredSink;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import picocli.CommandLine.Option;

/// The file that `serve` appends events to.
final class FileOptions {
  private static final List<String> RELOADED =
      List.of("--file-format", "--file-type", "--file-event", "--file-attention");

  private static final int BATCH = 4096;

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

  @Option(
      names = "--file-type",
      split = ",",
      paramLabel = "TYPE",
      converter = Converters.OfType.class,
      description = "Write only events about these types, such as net,pid.")
  private Set<NamespaceType> types = new LinkedHashSet<>();

  @Option(
      names = "--file-event",
      split = ",",
      paramLabel = "KIND",
      converter = Converters.OfKind.class,
      description = "Write only events of these kinds, such as process-joined.")
  private Set<Kind> kinds = new LinkedHashSet<>();

  @Option(names = "--file-attention", description = "Write only what deserves attention.")
  private boolean attention;

  /// What writes, once it does.
  private Running running;

  private record Running(FileSink sink, FilteredSink filtered, Host host, String stream) {}

  /// Finds options that contradict each other.
  void check(Faults faults) {
    if (path == null) {
      faults.needs("--file", List.of("--file-size", "--file-keep"));
      faults.needs("--file", RELOADED);
    }
  }

  /// What carries events there; none if there is to be no file.
  ///
  /// @param stream the stream that numbers belong to
  /// @param nanoTime monotonic time
  List<Publisher> publishers(Host host, String stream, LongSupplier nanoTime) {
    if (path == null) {
      return List.of();
    }
    FileSink sink =
        new FileSink(
            path.toAbsolutePath(),
            format(host, stream),
            size,
            Math.toIntExact(keep),
            Words::say,
            nanoTime);
    running = new Running(sink, new FilteredSink(sink, filter()), host, stream);
    return List.of(new Publisher("file:" + path.toAbsolutePath(), true, running.filtered(), BATCH));
  }

  private EventFormat format(Host host, String stream) {
    return format.format(
        host, stream, new TextFormat(Style.PLAIN, ZoneId.systemDefault()).withDate());
  }

  private EventFilter filter() {
    return FilterOptions.ofSink(types, kinds, attention);
  }

  boolean isRunning() {
    return running != null;
  }

  /// Opens the file anew.
  void reopen() {
    if (running != null) {
      running.sink().reopen();
    }
  }

  /// Writes from now on as these options say; the options that took effect by that.
  List<String> reload(FileOptions next) {
    if (running == null || next.path == null) {
      return List.of();
    }
    running.sink().format(next.format(running.host(), running.stream()));
    running.filtered().filter(next.filter());
    return RELOADED;
  }
}
