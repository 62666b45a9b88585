package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.format.Host;
import dev.nsmon.format.Style;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.format.TextFormat;
import dev.nsmon.sink.SyslogReceiver;
import dev.nsmon.sink.SyslogSink;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The syslog receiver that `serve` sends events to.
final class SyslogOptions {
  private static final int BATCH = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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

  /// @throws ParameterException if options contradict each other
  void check() {
    boolean tls = place != null && place.tls();
    if (ca != null && !tls) {
      throw new ParameterException(spec.commandLine(), "--syslog-ca needs --syslog tls://");
    }
    if (place == null && spec.commandLine().getParseResult().hasMatchedOption("--syslog-format")) {
      throw new ParameterException(spec.commandLine(), "--syslog-format needs --syslog");
    }
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
  /// @throws IOException with one line, if there is no certificate where one should be
  List<Publisher> publishers(Host host, String stream) throws IOException {
    if (place == null) {
      return List.of();
    }
    Optional<SSLContext> tls = place.tls() ? Optional.of(trust()) : Optional.empty();
    SyslogReceiver receiver = new SyslogReceiver(place.host(), place.port(), tls);
    SyslogFormat own = new SyslogFormat(host, stream);
    TextFormat text = new TextFormat(Style.PLAIN, ZoneId.systemDefault());
    SyslogFormat messages =
        format == RecordChoice.SYSLOG ? own : own.carrying(format.format(host, stream, text));
    return List.of(
        new Publisher(
            "syslog:" + receiver, true, new SyslogSink(receiver, messages, Words::say), BATCH));
  }
}
