package dev.nsmon.cli;

import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.TextFormat;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaTail;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.StreamSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

/// `nsmon watch`: wires the monitor to stdout.
@Command(
    name = "watch",
    description = "Tails what changes: namespaces that come and go, processes that join and leave.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon watch --type net,mnt --event namespace-created,namespace-destroyed",
      "  nsmon watch --ns net:[4026532177]       who joins and leaves this one",
      "  nsmon watch --baseline -o json          what there is, then what changes",
      "  nsmon watch --comm runc --count 10      ten events about runc",
      "  nsmon watch --from kafka://kafka:9092   what the monitors of a fleet publish"
    })
final class WatchCommand implements Callable<Integer> {
  /// The topic that monitors publish their events to.
  private static final String TOPIC = "nsmon.events";

  /// What concerns the look at this host.
  private static final List<String> LOCAL =
      List.of("--include-initial", "--threads", "--source", "--interval", "--reconcile");

  private static final long LOG_BYTES = 16L << 20;

  /// How often stdout is asked whether anybody reads it.
  private static final long POLL_MILLIS = 500;

  /// How long a signal waits for a sink that is blocked.
  private static final long FLUSH_MILLIS = 1500;

  @Spec private CommandSpec spec;

  @Mixin private FilterOptions filters;

  @Mixin private OutputOption output;

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
          "With --from, begin with what was published at this time: 2026-11-23T10:00:00Z, or 10m"
              + " ago. Default: with what comes.")
  private Instant since;

  @Override
  public Integer call()
      throws IOException, InterruptedException, ExecutionException, BadPropertiesException {
    if (fleet.isAsked(spec, LOCAL, List.of("--since"))) {
      return watchFleet();
    }
    looking.check();
    InstantSource clock = InstantSource.system();
    EventLog log = new EventLog(StreamName.random(), LOG_BYTES, clock);
    Monitor monitor = looking.monitor(log, Optional.empty(), clock);
    EventFormat format =
        switch (output.choice) {
          case TEXT -> new TextFormat(colour.style(), ZoneId.systemDefault());
          case JSON -> new JsonFormat(Host.local(), log.stream());
        };
    StreamSink sink =
        new StreamSink(
            Terminal.stdout(),
            format,
            filters.filter(baseline),
            count == null ? Long.MAX_VALUE : count);
    Pump pump = Pump.start("stdout", log.from(1), sink);
    Thread atExit = Thread.ofPlatform().unstarted(() -> end(monitor, pump.ending()));
    Runtime.getRuntime().addShutdownHook(atExit);
    monitor.start();
    Pump.Ending ending = await(pump.ending(), monitor);
    monitor.stop();
    return code(ending, monitor);
  }

  private int watchFleet() throws InterruptedException, ExecutionException, BadPropertiesException {
    FleetSink sink =
        new FleetSink(
            Terminal.stdout(),
            output.choice,
            new TextFormat(colour.style(), ZoneId.systemDefault()),
            fleet::shows,
            filters.filter(baseline),
            count == null ? Long.MAX_VALUE : count);
    KafkaTail tail =
        new KafkaTail(
            fleet.properties(), fleet.topic(TOPIC), Optional.ofNullable(since), Words::say);
    return new FleetWatch(tail, sink).run(duration);
  }

  /// Waits for the sink to end, for the time to be over or for the reader of stdout to go,
  /// whichever comes first. A pipe tells only by being asked that nobody reads it any more.
  private Pump.Ending await(CompletableFuture<Pump.Ending> ending, Monitor monitor)
      throws InterruptedException, ExecutionException {
    long deadline =
        System.nanoTime() + (duration == null ? Long.MAX_VALUE / 2 : duration.toNanos());
    while (true) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        // What was seen is still written, however slow the reader: only a signal cuts that short.
        monitor.stop();
      }
      try {
        return ending.get(
            left <= 0 ? POLL_MILLIS : Math.min(left, POLL_MILLIS), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (Terminal.hasLostReader()) {
          return new Pump.Ending.Satisfied();
        }
      }
    }
  }

  /// Stops looking and lets the sink write what is left; a sink that is blocked is left behind.
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
