package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.format.Host;
import dev.nsmon.format.Style;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.format.TextFormat;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.sink.FilteredSink;
import dev.nsmon.sink.SyslogReceiver;
import dev.nsmon.sink.SyslogSink;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Option;

/// The syslog receiver that `serve` sends events to.
final class SyslogOptions {
  private static final List<String> RELOADED =
      List.of("--syslog-format", "--syslog-type", "--syslog-event", "--syslog-attention");

  /// Some 50 KB: a receiver that reads slowly, 100 kB/s, takes two batches a second and is not
  /// shown as one that takes nothing.
  private static final int BATCH = 128;

  @Option(
      names = "--syslog",
      paramLabel = "tcp://HOST:PORT",
      converter = SyslogPlace.class,
      description = {
        "Send events to this receiver with octet counting; tls://HOST:PORT over",
        "TLS (RFC 5425)."
      })
  private SyslogPlace.Place place;

  @Option(
      names = "--syslog-format",
      paramLabel = "FORMAT",
      defaultValue = "syslog",
      converter = Converters.OfRecords.class,
      description =
          "syslog (default): structured data; or what else the message holds: cef, json,"
              + " cloudevents, ecs, ocsf, text.")
  private RecordChoice format;

  @Option(
      names = "--syslog-ca",
      paramLabel = "FILE",
      description = "Who may have signed the receiver's certificate, in PEM. Default: as the JDK.")
  private Path ca;

  @Option(
      names = "--syslog-type",
      split = ",",
      paramLabel = "TYPE",
      converter = Converters.OfType.class,
      description = "Send only events about these types, such as net,pid.")
  private Set<NamespaceType> types = new LinkedHashSet<>();

  @Option(
      names = "--syslog-event",
      split = ",",
      paramLabel = "KIND",
      converter = Converters.OfKind.class,
      description = "Send only events of these kinds, such as process-joined.")
  private Set<Kind> kinds = new LinkedHashSet<>();

  @Option(names = "--syslog-attention", description = "Send only what deserves attention.")
  private boolean attention;

  /// By stream, what sends, once it does. Another thread replaces one when it has failed.
  private final RunningSinks<SyslogFormat> running = new RunningSinks<>();

  /// The receiver, once what it is trusted by has been read.
  private SyslogReceiver receiver;

  /// Finds options that contradict each other.
  void check(Faults faults) {
    if (ca != null && (place == null || !place.tls())) {
      faults.add("--syslog-ca", " needs --syslog tls://");
    }
    if (place == null) {
      faults.needs("--syslog", RELOADED);
    }
  }

  /// Reads the certificates as a start does.
  void checkFiles(Faults faults) {
    if (place != null && place.tls() && ca != null) {
      try {
        SSLContext _ = TrustFile.context(ca);
      } catch (IOException e) {
        faults.add("--syslog-ca", ": " + e.getMessage());
      }
    }
  }

  /// Where it is; empty if there is to be none.
  Optional<SyslogPlace.Place> place() {
    return Optional.ofNullable(place);
  }

  /// The file of the certificates.
  Optional<Path> ca() {
    return Optional.ofNullable(ca);
  }

  private SSLContext trust() throws IOException {
    try {
      return ca == null ? SSLContext.getDefault() : TrustFile.context(ca);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("no TLS: " + e.getMessage(), e);
    }
  }

  /// What carries events there; none if there is to be no receiver.
  ///
  /// @param stream the stream that numbers belong to
  /// @throws IOException with one line, if there is no certificate where one should be; the first
  ///   time only
  /// @param nanoTime monotonic time
  List<Publisher> publishers(Host host, String stream, LongSupplier nanoTime) throws IOException {
    if (place == null) {
      return List.of();
    }
    if (receiver == null) {
      Optional<SSLContext> tls = place.tls() ? Optional.of(trust()) : Optional.empty();
      receiver = new SyslogReceiver(place.host(), place.port(), tls);
    }
    return List.of(
        new Publisher("syslog:" + receiver, true, () -> sink(host, stream, nanoTime), BATCH));
  }

  private synchronized FilteredSink sink(Host host, String stream, LongSupplier nanoTime) {
    SyslogSink sink = new SyslogSink(receiver, format(host, stream), Words::say, nanoTime);
    return running.add(host, stream, sink::format, new FilteredSink(sink, filter()));
  }

  private SyslogFormat format(Host host, String stream) {
    SyslogFormat own = new SyslogFormat(host, stream);
    TextFormat text = new TextFormat(Style.PLAIN, ZoneId.systemDefault());
    return format == RecordChoice.SYSLOG ? own : own.carrying(format.format(host, stream, text));
  }

  private EventFilter filter() {
    return FilterOptions.ofSink(types, kinds, attention);
  }

  /// Sends from now on as these options say; the options that took effect by that.
  synchronized List<String> reload(SyslogOptions next) {
    if (place == null || next.place == null) {
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
