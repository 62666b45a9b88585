package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.format.Host;
import dev.nsmon.journal.Backlog;
import dev.nsmon.journal.Journal;
import dev.nsmon.journal.JournalSettings;
import dev.nsmon.journal.LastState;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Earlier;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.procfs.BirthIds;
import dev.nsmon.sink.Supervisor;
import dev.nsmon.websocket.Condition;
import dev.nsmon.websocket.ListenSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
  public Integer call() throws IOException, InterruptedException, BadConfigurationException {
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

  private ServeOptions checked() throws BadConfigurationException {
    Faults faults = new Faults(spec.commandLine().getParseResult());
    typed.check(faults);
    faults.throwFirst(spec.commandLine());
    typed.checkFiles(faults);
    List<String> lines =
        new ArrayList<>(faults.all().stream().map(Faults.Fault::toString).toList());
    typed.prepare(System.getenv()).forEach(one -> lines.add(one.getMessage()));
    if (!lines.isEmpty()) {
      throw new BadConfigurationException(lines);
    }
    return typed;
  }

  private int serve(ServeOptions options, Optional<Configuration> configuration)
      throws IOException, InterruptedException {
    Optional<JournalSettings> settings = options.keeping.settings();
    HostClock clock = HostClock.SYSTEM;
    Supervisor supervisor = Supervision.of(clock);
    Host host = Host.local();
    String stream = StreamName.random();
    Optional<Journal> journal =
        settings.map(one -> Journal.open(one, host, stream, clock, Words::say));
    EventLog log =
        journal.isEmpty() ? new EventLog(stream, LOG_BYTES, clock) : durable(journal.get(), clock);
    Optional<Earlier> earlier =
        journal.flatMap(one -> one.lastState().map(last -> earlier(last, one.born(), host)));
    boolean initial = options.looking.includesInitial();
    Monitor monitor = options.looking.monitor(log, earlier, supervisor, clock);
    if (journal.isPresent()) {
      monitor.willGoOn();
    }
    List<Publisher> publishers =
        new ArrayList<>(options.publishing.publishers(host, log.stream(), monitor::present, clock));
    Optional<Listening> server =
        limited(options.listening.settings())
            .map(one -> new Listening(one, host, log, monitor, initial, clock));
    publishers.addAll(options.filing.publishers(host, log.stream(), clock::nanoTime));
    publishers.addAll(options.syslog.publishers(host, log.stream(), clock::nanoTime));
    server.map(Listening::publishers).ifPresent(publishers::addAll);
    Pumps pumps = new Pumps(log, journal, supervisor, clock);
    ServingCondition condition =
        new ServingCondition(
            monitor.stats(),
            monitor.standstill(),
            log,
            journal,
            settings.isPresent(),
            pumps::all,
            supervisor,
            () -> server.map(Listening::clients).orElse(Condition.Clients.NONE),
            options.looking.pace());
    Serving serving =
        new Serving(
            monitor,
            log,
            journal,
            initial,
            publishers,
            backlog -> publishers(options, backlog, clock),
            server,
            ServiceManager.of(monitor.stats(), log, condition, options.looking.pace()),
            pumps,
            supervisor,
            clock);
    hangups(options, configuration, monitor);
    if (server.isPresent()) {
      server.get().open(condition, supervisor.component(ServePart.LISTENER.toString()));
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(serving::end));
    serving.run();
    return monitor.hasFailed() ? ExitCode.FAILURE : ExitCode.DONE;
  }

  /// What publishes an earlier stream.
  private static List<Publisher> publishers(
      ServeOptions options, Backlog backlog, HostClock clock) {
    Host host = backlog.host();
    String stream = backlog.stream();
    List<Publisher> publishers =
        new ArrayList<>(options.publishing.publishersBeside(host, stream, clock));
    publishers.addAll(options.filing.publishers(host, stream, clock::nanoTime));
    try {
      publishers.addAll(options.syslog.publishers(host, stream, clock::nanoTime));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return publishers;
  }

  /// Connections may not take the descriptors that `/proc` is read with.
  private static Optional<ListenSettings> limited(Optional<ListenSettings> wanted) {
    Optional<Descriptors> own = Descriptors.own();
    OptionalInt connections = wanted.stream().mapToInt(one -> one.limits().clients()).findFirst();
    own.flatMap(one -> one.warning(connections)).ifPresent(Words::say);
    return own.isEmpty()
        ? wanted
        : wanted.map(one -> one.with(one.limits().within(own.get().connections())));
  }

  /// Where there is something to do at SIGHUP, it is done.
  private void hangups(
      ServeOptions options, Optional<Configuration> configuration, Monitor monitor) {
    Optional<Reload> reload =
        file().map(_ -> new Reload(configuration.orElseThrow(), this::configuration, monitor));
    // A service manager that is told to reload must not end what has nothing to reload.
    if (reload.isPresent() || options.filing.isWanted() || ServiceManager.isThere()) {
      Hangups.then(
          () -> {
            try {
              reload.ifPresentOrElse(
                  Reload::run, () -> Words.say("SIGHUP: there is no configuration to read again"));
            } finally {
              options.filing.reopen();
            }
          });
    }
  }

  private static EventLog durable(Journal journal, HostClock clock) {
    return EventLog.durable(journal.stream(), journal.nextSeq(), LOG_BYTES, clock, journal);
  }

  private static Earlier earlier(LastState last, Optional<String> born, Host host) {
    boolean same = last.bootId().equals(host.bootId());
    return new Earlier(
        last.state().snapshot(last.time()),
        last.state().highestGeneration(),
        same ? Optional.empty() : Optional.of(last.bootId()),
        born.flatMap(BirthIds::parse));
  }
}
