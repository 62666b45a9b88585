package dev.nsmon.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// What it takes to write an event in each format, beside Jackson writing the same JSON from a
/// tree; and how many bytes it has.
///
/// `mvn -q -Pjmh -DskipTests -pl monitor-core verify`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 7, time = 1)
@Measurement(iterations = 3, time = 1)
public class FormatBenchmark {
  private static final Host HOST =
      new Host("web-1", "0123456789abcdef0123456789abcdef", "11111111-2222-3333-4444-555555555555");
  private static final String STREAM = "5f0c6f3e-5b59-4d7c-9a58-0f6c9c1d8a11";
  private static final List<String> FORMATS =
      List.of("json", "cloudevents", "ecs", "ocsf", "cef", "syslog", "text");
  private static final ObjectMapper JACKSON = new ObjectMapper();

  /// Some thousand records a second make a number of this length within an hour.
  private static final long SEQ = 10_000_000;

  /// Either one of every kind, or any with any text in it.
  @Param({"samples", "random"})
  public String events;

  private List<NamespaceEvent> all;
  private int next;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);

  /// For the benchmarks of one format.
  @State(Scope.Thread)
  public static class One {
    /// Its name.
    @Param({"json", "cloudevents", "ecs", "ocsf", "cef", "syslog", "text"})
    public String format;

    private EventFormat writer;

    /// Makes it.
    @Setup
    public void make() {
      writer = writer(format);
    }
  }

  /// For the benchmarks of a tree.
  @State(Scope.Thread)
  public static class Tree {
    /// The name of the format that wrote it.
    @Param({"json", "cloudevents", "ecs", "ocsf"})
    public String tree;

    private List<JsonNode> nodes;

    /// Reads what the format wrote.
    @Setup
    public void read(FormatBenchmark benchmark) throws IOException {
      nodes = new ArrayList<>();
      for (NamespaceEvent event : benchmark.all) {
        nodes.add(JACKSON.readTree(bytes(writer(tree), event)));
      }
    }
  }

  /// Makes the events.
  @Setup
  public void make() {
    all = events(events);
  }

  private static List<NamespaceEvent> events(String kind) {
    RandomEvents random = new RandomEvents(1);
    return kind.equals("samples")
        ? Samples.events("nginx")
        : Stream.generate(random::next).limit(1000).toList();
  }

  private static EventFormat writer(String name) {
    return switch (name) {
      case "json" -> new JsonFormat(HOST, STREAM);
      case "cloudevents" -> new CloudEventsFormat(HOST, STREAM);
      case "ecs" -> new EcsFormat(HOST, STREAM);
      case "ocsf" -> new OcsfFormat(HOST, STREAM, "0.1.0");
      case "cef" -> new CefFormat(HOST, STREAM, "0.1.0");
      case "syslog" -> new SyslogFormat(HOST, STREAM);
      default -> new TextFormat(Style.PLAIN, ZoneOffset.UTC);
    };
  }

  private static byte[] bytes(EventFormat format, NamespaceEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.write(SEQ, event, out);
    return out.toByteArray();
  }

  private int turn() {
    next = next + 1 == all.size() ? 0 : next + 1;
    return next;
  }

  /// One event in a format.
  @Benchmark
  public int format(One one) throws IOException {
    out.reset();
    one.writer.write(SEQ + next, all.get(turn()), out);
    return out.size();
  }

  /// The same by Jackson.
  @Benchmark
  public byte[] jackson(Tree tree) throws IOException {
    return JACKSON.writeValueAsBytes(tree.nodes.get(turn()));
  }

  /// Tells the bytes, then runs them all.
  ///
  /// @param args options of JVMs
  public static void main(String[] args) throws IOException, RunnerException {
    for (String kind : List.of("samples", "random")) {
      List<NamespaceEvent> events = events(kind);
      for (String format : FORMATS) {
        long bytes = 0;
        for (NamespaceEvent event : events) {
          bytes += bytes(writer(format), event).length;
        }
        System.out.printf("%-8s %-12s %5d bytes an event%n", kind, format, bytes / events.size());
      }
    }
    new Runner(
            new OptionsBuilder()
                .include(FormatBenchmark.class.getSimpleName())
                .jvmArgsAppend(args)
                .build())
        .run();
  }
}
