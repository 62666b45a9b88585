package dev.nsmon.websocket;

import dev.nsmon.log.Present;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/// Makes metrics of a condition and of the state of the host. What is unknown is left out.
final class Figures {
  private static final double MILLIS = 1000;

  private final MetricSnapshots.Builder all = MetricSnapshots.builder();

  MetricSnapshots build() {
    return all.build();
  }

  void add(Condition now) {
    gauge("nsmon_stream_seq", "Number of the last record of the stream.", now.seq());
    now.lastLook()
        .ifPresent(
            time ->
                gauge(
                    "nsmon_last_look_timestamp_seconds",
                    "When the host was last looked at as a whole, or compared with what was told.",
                    time.toEpochMilli() / MILLIS));
    looks(now.looks());
    now.feeding()
        .ifPresent(
            feeding ->
                all.metricSnapshot(
                    GaugeSnapshot.builder()
                        .name("nsmon_source_up")
                        .help("Whether what tells of changes works.")
                        .dataPoint(point("source", feeding.source(), feeding.up() ? 1 : 0))
                        .build()));
    counter("nsmon_push_overruns", "Times a push source had to drop records.", now.overruns());
    gauge(
        "nsmon_look_interval_seconds",
        "The longest time between two looks at the host, or comparisons.",
        now.pace().toMillis() / MILLIS);
    now.feeding().ifPresent(feeding -> misses(feeding.source(), now.misses()));
    gauge(
        "nsmon_search_behind_seconds",
        "For how long a search for what holds namespaces has been under way, beyond one slice.",
        now.searchBehind().toMillis() / MILLIS);
    sinks(now.sinks());
    gauge("nsmon_clients", "Clients that follow the stream.", now.clients().now());
    disconnected(now.clients());
    now.journal().ifPresent(this::journal);
    restarts(now.components());
    counter(
        "nsmon_tokens_refused",
        "Requests that have shown a wrong token.",
        now.clients().refusedTokens());
  }

  private void disconnected(Condition.Clients clients) {
    all.metricSnapshot(
        CounterSnapshot.builder()
            .name("nsmon_clients_disconnected")
            .help(
                "Clients that the monitor disconnected, because they took nothing or were silent.")
            .dataPoint(count("reason", "slow", clients.slow()))
            .dataPoint(count("reason", "silent", clients.silent()))
            .build());
  }

  private void journal(Condition.Kept journal) {
    gauge("nsmon_journal_bytes", "Room the journal takes.", journal.bytes());
    gauge(
        "nsmon_journal_up",
        "Whether the journal is written; where it is not, a restart forgets events.",
        journal.works() ? 1 : 0);
  }

  private void misses(String source, long misses) {
    all.metricSnapshot(
        CounterSnapshot.builder()
            .name("nsmon_reconcile_misses")
            .help("Changes that looks have found and a push source should have told.")
            .dataPoint(count("source", source, misses))
            .build());
  }

  private void restarts(List<Condition.Part> components) {
    CounterSnapshot.Builder restarts =
        CounterSnapshot.builder()
            .name("nsmon_component_restarts")
            .help("Times a component has failed and was started again.");
    for (Condition.Part one : components) {
      restarts.dataPoint(count("component", one.name(), one.restarts()));
    }
    all.metricSnapshot(restarts.build());
  }

  void add(Present present) {
    int processes = 0;
    int unreadable = 0;
    for (Task task : present.snapshot().tasks()) {
      if (task.tid() == 0) {
        processes++;
        unreadable += task.state() == Task.State.DENIED ? 1 : 0;
      }
    }
    gauge("nsmon_processes", "Processes that there are.", processes);
    gauge(
        "nsmon_unreadable_processes",
        "Processes whose namespaces the kernel does not show.",
        unreadable);
    int[] counts = new int[NamespaceType.values().length];
    for (Namespace one : present.snapshot().namespaces()) {
      counts[one.type().ordinal()]++;
    }
    GaugeSnapshot.Builder namespaces =
        GaugeSnapshot.builder()
            .name("nsmon_namespaces")
            .help("Namespaces that there are, by type.");
    for (NamespaceType type : NamespaceType.values()) {
      namespaces.dataPoint(point("type", type.kernelName(), counts[type.ordinal()]));
    }
    all.metricSnapshot(namespaces.build());
  }

  private void looks(List<Condition.Looks> looks) {
    HistogramSnapshot.Builder histogram =
        HistogramSnapshot.builder()
            .name("nsmon_look_duration_seconds")
            .help("How long looks at the host took: at all of it, or comparing with what was told.")
            .unit(Unit.SECONDS);
    for (Condition.Looks one : looks) {
      List<Double> bounds = new ArrayList<>(one.bounds());
      bounds.add(Double.POSITIVE_INFINITY);
      histogram.dataPoint(
          HistogramDataPointSnapshot.builder()
              .labels(Labels.of("scope", one.scope()))
              .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, one.counts()))
              .sum(one.seconds())
              .build());
    }
    all.metricSnapshot(histogram.build());
  }

  private void sinks(List<Condition.Carried> sinks) {
    GaugeSnapshot.Builder up =
        GaugeSnapshot.builder()
            .name("nsmon_sink_up")
            .help("Whether a sink takes what there is for it.");
    GaugeSnapshot.Builder lag =
        GaugeSnapshot.builder().name("nsmon_sink_lag_events").help("Records that wait for a sink.");
    CounterSnapshot.Builder lost =
        CounterSnapshot.builder()
            .name("nsmon_sink_lost_events")
            .help("Records that a sink was never handed, because it was too slow.");
    for (Condition.Carried one : sinks) {
      up.dataPoint(point("sink", one.sink(), one.state() == Condition.State.RUNNING ? 1 : 0));
      one.lag().ifPresent(records -> lag.dataPoint(point("sink", one.sink(), (double) records)));
      lost.dataPoint(count("sink", one.sink(), one.lost()));
    }
    all.metricSnapshot(up.build());
    all.metricSnapshot(lag.build());
    all.metricSnapshot(lost.build());
  }

  private void gauge(String name, String help, Number value) {
    all.metricSnapshot(
        GaugeSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(GaugeDataPointSnapshot.builder().value(value.doubleValue()).build())
            .build());
  }

  private void counter(String name, String help, long value) {
    all.metricSnapshot(
        CounterSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(CounterDataPointSnapshot.builder().value((double) value).build())
            .build());
  }

  private static GaugeDataPointSnapshot point(String label, String of, double value) {
    return GaugeDataPointSnapshot.builder().labels(Labels.of(label, of)).value(value).build();
  }

  private static CounterDataPointSnapshot count(String label, String of, long value) {
    return CounterDataPointSnapshot.builder()
        .labels(Labels.of(label, of))
        .value((double) value)
        .build();
  }
}
