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
import dev.nsmon.sink.RotatedFile;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import picocli.CommandLine.Option;

/// The file that `serve` appends events to.
final class FileOptions {
  private static final List<String> RELOADED =
      List.of("--file-format", "--file-type", "--file-event", "--file-attention");

  private static final int BATCH = 4096;

  /// Each is renamed when the file is full.
  private static final int MOST_KEPT = 1000;

  private static final long LEAST_BYTES = 1024;

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

  /// By stream, what writes, once it does. Another thread replaces one when it has failed.
  private final RunningSinks<EventFormat> running = new RunningSinks<>();

  /// The file for the sinks of all streams; null before the first. Any thread.
  private volatile RotatedFile file;

  /// Finds options that contradict each other.
  void check(Faults faults) {
    if (keep > MOST_KEPT) {
      faults.add("--file-keep", " goes from 1 to " + MOST_KEPT + ", and " + keep + " is outside");
    }
    if (size < LEAST_BYTES) {
      faults.add("--file-size", " goes from 1KiB on");
    }
    if (path == null) {
      faults.needs("--file", List.of("--file-size", "--file-keep"));
      faults.needs("--file", RELOADED);
    }
  }

  /// Where it is; empty if there is to be none.
  Optional<Path> path() {
    return Optional.ofNullable(path);
  }

  /// What carries events there; none if there is to be no file.
  ///
  /// @param stream the stream that numbers belong to
  /// @param nanoTime monotonic time
  List<Publisher> publishers(Host host, String stream, LongSupplier nanoTime) {
    if (path == null) {
      return List.of();
    }
    return List.of(
        new Publisher(
            "file:" + path.toAbsolutePath(), true, () -> sink(host, stream, nanoTime), BATCH));
  }

  private synchronized FilteredSink sink(Host host, String stream, LongSupplier nanoTime) {
    if (file == null) {
      file =
          new RotatedFile(path.toAbsolutePath(), size, Math.toIntExact(keep), Words::say, nanoTime);
    }
    FileSink sink = new FileSink(file, format(host, stream));
    return running.add(host, stream, sink::format, new FilteredSink(sink, filter()));
  }

  private EventFormat format(Host host, String stream) {
    return format.format(
        host, stream, new TextFormat(Style.PLAIN, ZoneId.systemDefault()).withDate());
  }

  private EventFilter filter() {
    return FilterOptions.ofSink(types, kinds, attention);
  }

  boolean isWanted() {
    return path != null;
  }

  /// Opens the file anew.
  void reopen() {
    RotatedFile now = file;
    if (now != null) {
      now.reopen();
    }
  }

  /// Writes from now on as these options say; the options that took effect by that.
  synchronized List<String> reload(FileOptions next) {
    if (path == null || next.path == null) {
      return List.of();
    }
    format = next.format;
    types = next.types;
    kinds = next.kinds;
    attention = next.attention;
    running.reload(this::format, this::filter);
    return RELOADED;
  }
}
