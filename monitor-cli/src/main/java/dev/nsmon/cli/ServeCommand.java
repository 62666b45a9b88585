package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.format.Host;
import dev.nsmon.journal.Journal;
import dev.nsmon.journal.JournalSettings;
import dev.nsmon.journal.LastState;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Earlier;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nsmon serve`: wires the monitor to its journal and to what carries its events on.
@Command(
    name = "serve",
    description =
        "Runs as a service: keeps all events in a journal, goes on after a restart where it was,"
            + " publishes them and shows them on a page.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon serve                                       the journal alone, for nsmon history",
      "  nsmon serve --listen                              WebSocket and page at 127.0.0.1:8470",
      "  nsmon serve --listen :8470 --token-file token --tls-cert cert.pem --tls-key key.pem",
      "  nsmon serve --kafka broker-1:9092,broker-2:9092",
      "  nsmon serve --syslog tls://logs.example:6514 --syslog-format cef",
      "  nsmon serve --file /var/log/nsmon/events.json --file-format ecs",
      "  nsmon serve --kafka broker:9093 --kafka-config /etc/nsmon/kafka.properties",
      "  nsmon serve --journal none --kafka localhost:9092",
      "  nsmon serve --config /etc/nsmon/nsmon.yaml"
    })
final class ServeCommand implements Callable<Integer> {
  private static final long LOG_BYTES = 16L << 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Read what the options don't say from the environment, and what that does not say from"
              + " this file. It is read again at SIGHUP.")
  private String file;

  @Mixin private ServeOptions typed;

  @Override
  public Integer call()
      throws IOException, InterruptedException, BadPropertiesException, BadConfigurationException {
    Optional<Configuration> configuration = configuration();
    return serve(
        configuration.isEmpty() ? checked() : configuration.get().options(), configuration);
  }

  /// Empty if there is nothing but the command line.
  private Optional<Configuration> configuration() throws BadConfigurationException {
    Map<String, String> environment = System.getenv();
    return file().isEmpty() && !Configuration.isIn(environment)
        ? Optional.empty()
        : Optional.of(Configuration.read(file(), environment, spec.commandLine().getParseResult()));
  }

  private Optional<String> file() {
    return Optional.ofNullable(file).or(ConfigCommand::file);
  }

  private ServeOptions checked() throws BadPropertiesException {
    Faults faults = new Faults(spec.commandLine().getParseResult());
    typed.check(faults);
    faults.throwFirst(spec.commandLine());
    typed.prepare(System.getenv());
    return typed;
  }

  private int serve(ServeOptions options, Optional<Configuration> configuration)
      throws IOException, InterruptedException {
    Optional<JournalSettings> settings = options.keeping.settings();
    HostClock clock = HostClock.SYSTEM;
    Host host = Host.local();
    Optional<Journal> journal =
        settings.isEmpty() ? Optional.empty() : open(settings.get(), host, clock);
    EventLog log =
        journal.isEmpty()
            ? new EventLog(StreamName.random(), LOG_BYTES, clock)
            : durable(journal.get(), clock);
    Optional<Earlier> earlier =
        journal.flatMap(Journal::lastState).map(last -> earlier(last, host));
    boolean initial = options.looking.includesInitial();
    Monitor monitor = options.looking.monitor(log, earlier, clock);
    List<Publisher> publishers =
        new ArrayList<>(options.publishing.publishers(host, log.stream(), monitor::present, clock));
    Optional<Listening> server =
        options
            .listening
            .settings()
            .map(one -> new Listening(one, host, log, monitor, journal, initial, clock));
    publishers.addAll(options.filing.publishers(host, log.stream(), clock::nanoTime));
    publishers.addAll(options.syslog.publishers(host, log.stream(), clock::nanoTime));
    server.map(Listening::publishers).ifPresent(publishers::addAll);
    Serving serving =
        new Serving(
            monitor,
            log,
            journal,
            initial,
            publishers,
            server,
            ServiceManager.of(monitor.stats(), log, options.looking.pace()),
            clock);
    hangups(options, configuration, monitor);
    if (server.isPresent()) {
      server.get().open(serving::pumps);
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(serving::end));
    serving.run();
    return monitor.hasFailed() ? ExitCode.FAILURE : ExitCode.DONE;
  }

  /// Where there is something to do at SIGHUP, it is done.
  private void hangups(
      ServeOptions options, Optional<Configuration> configuration, Monitor monitor) {
    Optional<Reload> reload =
        file().map(_ -> new Reload(configuration.orElseThrow(), this::configuration, monitor));
    // A service manager that is told to reload must not end what has nothing to reload.
    if (reload.isPresent() || options.filing.isRunning() || ServiceManager.isThere()) {
      Hangups.then(
          () -> {
            try {
              reload.ifPresent(Reload::run);
            } finally {
              options.filing.reopen();
            }
          });
    }
  }

  private static EventLog durable(Journal journal, HostClock clock) {
    return EventLog.durable(journal.stream(), journal.nextSeq(), LOG_BYTES, clock, journal);
  }

  /// Empty if another monitor has it.
  private static Optional<Journal> open(JournalSettings settings, Host host, HostClock clock)
      throws IOException {
    Journal journal = Journal.open(settings, host, StreamName.random(), clock, Words::say);
    if (journal.isOutOfUse()) {
      journal.close();
      return Optional.empty();
    }
    return Optional.of(journal);
  }

  private static Earlier earlier(LastState last, Host host) {
    boolean same = last.bootId().equals(host.bootId());
    return new Earlier(
        last.state().snapshot(last.time()),
        last.state().highestGeneration(),
        same ? Optional.empty() : Optional.of(last.bootId()));
  }
}
