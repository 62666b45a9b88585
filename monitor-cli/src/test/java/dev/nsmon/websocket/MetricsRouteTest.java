package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Pump;
import dev.nsmon.testing.Output;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The figures are those of the stream and of the condition, and Prometheus reads them.
final class MetricsRouteTest {
  private static final String OPEN_METRICS =
      "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

  @TempDir private Path directory;
  private final EventLog log = new EventLog("s-1", 1 << 20, InstantSource.system());
  private final EventCounter counter = new EventCounter();
  private final Route route =
      new MetricsRoute(
          () -> Scene.condition(true),
          new SharedPresent(() -> Scene.present(8), HostClock.SYSTEM),
          counter,
          "1.2.3");

  private Asking afterAllEvents() throws Exception {
    Pump pump = Pump.start("metrics", log.from(1), counter, System::nanoTime);
    log.append(Scene.events());
    log.append(Scene.events());
    log.close();
    pump.ending().get(20, TimeUnit.SECONDS);
    assertEquals(17, pump.position().orElseThrow());
    return Asking.ask(route, "/metrics");
  }

  @Test
  void everyFigureIsRight() throws Exception {
    Asking answer = afterAllEvents();
    assertEquals(200, answer.status());
    assertTrue(answer.contentType().startsWith("text/plain; version=0.0.4"), answer.contentType());
    List<String> lines = answer.body().lines().toList();
    for (String expected :
        """
        nsmon_events_total{kind="namespace-created",type="net"} 2.0
        nsmon_events_total{kind="namespace-created",type="uts"} 0.0
        nsmon_events_total{kind="process-joined",type="net"} 4.0
        nsmon_events_total{kind="process-joined",type="uts"} 2.0
        nsmon_events_total{kind="process-left",type="net"} 2.0
        nsmon_events_total{kind="process-left",type="uts"} 2.0
        nsmon_events_total{kind="namespace-destroyed",type="net"} 2.0
        nsmon_events_total{kind="synced",type=""} 2.0
        nsmon_events_total{kind="events-lost",type=""} 4.0
        nsmon_events_lost_total{where="kernel"} 10.0
        nsmon_events_lost_total{where="poll"} 0.0
        nsmon_events_lost_total{where="log"} 0.0
        nsmon_losses_uncounted_total{where="poll"} 2.0
        nsmon_losses_uncounted_total{where="kernel"} 0.0
        nsmon_look_duration_seconds_bucket{scope="full",le="0.1"} 2
        nsmon_look_duration_seconds_bucket{scope="full",le="1.0"} 3
        nsmon_look_duration_seconds_bucket{scope="full",le="+Inf"} 4
        nsmon_look_duration_seconds_count{scope="full"} 4
        nsmon_look_duration_seconds_sum{scope="full"} 3.5
        nsmon_look_duration_seconds_count{scope="comparison"} 0
        nsmon_last_look_timestamp_seconds 1.795428000123E9
        nsmon_stream_seq 8.0
        nsmon_source_up{source="perf"} 0.0
        nsmon_push_overruns_total 3.0
        nsmon_reconcile_misses_total{source="perf"} 2.0
        nsmon_look_interval_seconds 30.0
        nsmon_search_behind_seconds 1.5
        nsmon_sink_up{sink="kafka:nsmon.events"} 0.0
        nsmon_sink_up{sink="metrics"} 1.0
        nsmon_sink_lag_events{sink="kafka:nsmon.events"} 12.0
        nsmon_sink_lost_events_total{sink="kafka:nsmon.events"} 4.0
        nsmon_clients 7.0
        nsmon_clients_disconnected_total{reason="slow"} 2.0
        nsmon_clients_disconnected_total{reason="silent"} 1.0
        nsmon_journal_bytes 4096.0
        nsmon_journal_up 0.0
        nsmon_component_restarts_total{component="monitor"} 0.0
        nsmon_component_restarts_total{component="metrics"} 2.0
        nsmon_tokens_refused_total 6.0
        nsmon_attention_total{rule="joined-host-mnt-namespace",severity="high"} 0.0
        nsmon_processes 3.0
        nsmon_unreadable_processes 1.0
        nsmon_namespaces{type="net"} 2.0
        nsmon_namespaces{type="uts"} 1.0
        nsmon_namespaces{type="pid"} 0.0
        nsmon_build_info{java="25",version="1.2.3"} 1
        """
            .lines()
            .toList()) {
      assertTrue(lines.contains(expected), () -> expected + "\nis not in\n" + answer.body());
    }
    assertFalse(answer.body().contains("nsmon_sink_lag_events{sink=\"metrics\"}"), "not begun");
  }

  @Test
  void nothingIsLabelledByWhatThereIsNoEndOf() throws Exception {
    String body = afterAllEvents().body();
    assertFalse(
        Stream.of("pid=", "comm=", "container=", "nginx", "4711").anyMatch(body::contains), body);
  }

  @Test
  void promtoolFindsNoFault() throws Exception {
    Ran.needs("promtool");
    Path metrics = Files.writeString(directory.resolve("metrics"), afterAllEvents().body());
    ProcessBuilder check =
        new ProcessBuilder("promtool", "check", "metrics").redirectInput(metrics.toFile());
    assertEquals("", Ran.of(check, Output.PATIENCE).well().said());
  }

  @Test
  void openMetricsIsAnsweredWhereItIsAskedFor() {
    Asking answer = Asking.ask(route, "/metrics", Optional.of(OPEN_METRICS));
    assertTrue(
        answer.contentType().startsWith("application/openmetrics-text"), answer.contentType());
    assertTrue(answer.body().endsWith("# EOF\n"), answer.body());
  }

  @Test
  void aBusyMonitorIsNoReasonToAnswerNothing() throws IOException {
    Route busy =
        new MetricsRoute(
            () -> Scene.condition(true),
            new SharedPresent(
                () -> {
                  await().forever().until(() -> false);
                  return Scene.present(1);
                },
                HostClock.SYSTEM),
            new EventCounter(),
            "1.2.3");
    Asking answer = Asking.ask(busy, "/metrics");
    assertEquals(200, answer.status());
    assertTrue(answer.body().contains("nsmon_clients 7.0"), answer.body());
    assertFalse(answer.body().contains("nsmon_processes"), answer.body());
  }
}
