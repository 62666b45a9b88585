package dev.nsmon.websocket;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// `/metrics`, as Prometheus reads it: its text format, or OpenMetrics where that is asked for.
final class MetricsRoute implements Route {
  /// A scrape must not fail because the monitor is busy: then it goes without the state.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Supplier<Condition> condition;
  private final SharedPresent present;

  /// @param version of this program
  MetricsRoute(
      Supplier<Condition> condition, SharedPresent present, EventCounter counter, String version) {
    this.condition = condition;
    this.present = present;
    counter.register(registry);
    registry.register((MultiCollector) () -> MetricSnapshots.of(build(version)));
  }

  private static InfoSnapshot build(String version) {
    return InfoSnapshot.builder()
        .name("nsmon_build")
        .help("The version that runs.")
        .dataPoint(
            InfoDataPointSnapshot.builder()
                .labels(Labels.of("version", version, "java", Runtime.version().feature() + ""))
                .build())
        .build();
  }

  @Override
  public Response answer(Request request) throws InterruptedException {
    Figures figures = new Figures();
    figures.add(condition.get());
    present.within(PATIENCE).ifPresent(figures::add);
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    registry.scrape().forEach(all::metricSnapshot);
    figures.build().forEach(all::metricSnapshot);
    ExpositionFormatWriter writer = formats.findWriter(request.accept().orElse(""));
    ByteArrayOutputStream out = new ByteArrayOutputStream(8 * 1024);
    try {
      writer.write(out, all.build());
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail", e);
    }
    return new Response(200, writer.getContentType(), out.toByteArray(), Map.of());
  }
}
