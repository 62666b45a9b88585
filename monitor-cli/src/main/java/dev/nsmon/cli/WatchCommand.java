package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.TextFormat;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaTail;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.StreamSink;
import dev.nsmon.sink.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nsmon watch`: prints events to stdout as they occur.
@Command(
    name = "watch",
    description = "Tails what changes: namespaces that come and go, processes that join and leave.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon watch --type net,mnt --event namespace-created,namespace-destroyed",
      "  nsmon watch --ns net:[4026532177]       who joins and leaves this one",
      "  nsmon watch --baseline -o json          what there is, then what changes",
      "  nsmon watch --comm runc --count 10      ten events about runc",
      "  nsmon watch --from kafka://kafka:9092   what the monitors of a fleet publish",
      "  nsmon watch --from wss://node-1:8470 --token-file token   what the monitor of a host tells"
    })
final class WatchCommand implements Callable<Integer> {
  /// The default event topic.
  private static final String TOPIC = "nsmon.events";

  /// Options that apply to this host only.
  private static final List<String> LOCAL =
      List.of(
          "--include-initial",
          "--threads",
          "--source",
          "--runtime-names",
          "--interval",
          "--reconcile");

  private static final long LOG_BYTES = 16L << 20;

  /// How long the exit after a signal waits for a blocked sink.
  private static final long FLUSH_MILLIS = 1500;

  @Spec private CommandSpec spec;

  @Mixin private FilterOptions filters;

  @Mixin private RecordOption output;

  @Mixin private FleetOptions fleet;

  @Mixin private ColourOption colour;

  @Option(
      names = "--baseline",
      description = "Tell first what exists already, as events with source baseline.")
  private boolean baseline;

  @Mixin private MonitorOptions looking;

  @Option(
      names = "--count",
      paramLabel = "N",
      converter = Converters.OfCount.class,
      description = "End after N events.")
  private Long count;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Converters.OfDuration.class,
      description = "End after this time.")
  private Duration duration;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Converters.OfTime.class,
      description =
          "With --from kafka://, begin with what was published at this time: 2026-11-23T10:00:00Z,"
              + " or 10m ago. Default: with what comes.")
  private Instant since;

  @Override
  public Integer call()
      throws IOException,
          InterruptedException,
          ExecutionException,
          BadPropertiesException,
          RemoteFault {
    Optional<Place> place = fleet.place(spec, LOCAL, List.of("--since"), List.of());
    if (place.isPresent()) {
      return watch(place.get());
    }
    Faults faults = new Faults(spec.commandLine().getParseResult());
    looking.check(faults);
    faults.throwFirst(spec.commandLine());
    HostClock clock = HostClock.SYSTEM;
    EventLog log = new EventLog(StreamName.random(), LOG_BYTES, clock);
    Supervisor supervisor = Supervision.of(clock);
    Monitor monitor = looking.monitor(log, Optional.empty(), supervisor, clock);
    EventFormat format =
        output.choice.format(
            Host.local(), log.stream(), new TextFormat(colour.style(), ZoneId.systemDefault()));
    StreamSink sink =
        new StreamSink(
            Terminal.stdout(),
            format,
            filters.filter(baseline),
            count == null ? Long.MAX_VALUE : count);
    Pump pump = Pump.start("stdout", log.from(1), sink, clock::nanoTime);
    Thread atExit = Thread.ofPlatform().unstarted(() -> end(monitor, pump.ending()));
    Runtime.getRuntime().addShutdownHook(atExit);
    monitor.start();
    Thread _ = supervisor.start("standstill", monitor.standstill()::run);
    Pump.Ending ending =
        Waiting.await(pump.ending(), duration, monitor::stop).orElseGet(Pump.Ending.Satisfied::new);
    monitor.stop();
    return code(ending, monitor);
  }

  private int watch(Place place)
      throws InterruptedException, ExecutionException, BadPropertiesException, RemoteFault {
    return new FleetWatch(tail(place)).run(duration);
  }

  private FleetWatch.Tail tail(Place place) throws BadPropertiesException, RemoteFault {
    EventFilter filter = filters.filter(baseline);
    return switch (place) {
      case Place.Kafka kafka -> {
        KafkaTail tail =
            new KafkaTail(
                fleet.properties(kafka),
                kafka.topic().orElse(TOPIC),
                Optional.ofNullable(since),
                Words::say,
                HostClock.SYSTEM);
        yield () -> tail.run(sink(filter));
      }
      case Place.Monitor monitor -> {
        RemoteTail tail =
            new RemoteTail(fleet.remote(monitor), filter, Words::say, HostClock.SYSTEM);
        // No filter here: the remote monitor has applied it, and knows more than the record holds.
        yield () -> tail.run(sink(EventFilter.ALL));
      }
    };
  }

  private FleetSink sink(EventFilter filter) {
    return new FleetSink(
        Terminal.stdout(),
        output.choice,
        new TextFormat(colour.style(), ZoneId.systemDefault()),
        fleet::shows,
        filter,
        count == null ? Long.MAX_VALUE : count);
  }

  /// Stops the monitor and waits for the sink to write its backlog, up to [#FLUSH_MILLIS].
  private static Pump.Ending end(Monitor monitor, CompletableFuture<Pump.Ending> ending) {
    monitor.stop();
    try {
      return ending.get(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return new Pump.Ending.Satisfied();
    }
  }

  private static int code(Pump.Ending ending, Monitor monitor) {
    return switch (ending) {
      case Pump.Ending.Drained _ -> monitor.hasFailed() ? ExitCode.FAILURE : ExitCode.DONE;
      case Pump.Ending.Satisfied _ -> ExitCode.DONE;
      case Pump.Ending.Failed failed -> Output.writeFailure(failed.cause());
    };
  }
}
