package dev.nsmon.cli;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A fault in each component of `serve` with all sinks, in turn: it is said, counted and shown, and
/// the component goes on, or the process ends with the reason.
@Tag("full")
class ComponentsIT {
  private static final Pattern PLACE = Pattern.compile("listening on http://(127[0-9.:]+) ");

  /// Of the JVM, and what does one thing only.
  private static final Set<String> OTHERS =
      Set.of(
          "main",
          "Reference Handler",
          "Finalizer",
          "Signal Dispatcher",
          "Attach Listener",
          "Common-Cleaner",
          "Notification Thread",
          "Cleaner-0",
          "process reaper",
          "MasterPoller",
          "remark",
          "search",
          "syslog-end",
          "SIGHUP handler");

  private static final String RECEIVER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      print('bound', flush=True)
      while True:
          print(s.recv(65536).decode().replace('\\n', '|'), flush=True)
      """;

  @TempDir private Path directory;
  private Broker broker;
  private ServerSocket syslog;
  private Child manager;
  private Injector serve;
  private String http;

  @BeforeEach
  void start() throws IOException {
    Needs.root();
    Needs.tool("python3");
    broker = Broker.start();
    Nsmon.run("kafka", "create-topics", "--kafka", broker.address()).endedWith(0);
    syslog = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofPlatform().daemon().start(this::receive);
    String notify = directory.resolve("notify").toString();
    manager = Child.start("python3", "-c", RECEIVER, notify);
    manager.awaitLine(line -> line.equals("bound"));
    serve =
        Injector.serve(
            Map.of("NOTIFY_SOCKET", notify),
            "--listen=127.0.0.1:0",
            "--journal=" + directory.resolve("journal.db"),
            "--file=" + file(),
            "--syslog=tcp://127.0.0.1:" + syslog.getLocalPort(),
            "--kafka=" + broker.address(),
            "--runtime-names=unix://" + directory.resolve("no.sock"));
    http = eventuallyFound(PLACE);
    Child.eventually().until(() -> ask("/readyz").contains("\"ready\":true"));
    // Each sink has begun, and has all that there is.
    Child.eventually().untilAsserted(() -> assertEquals(List.of(), behind()));
  }

  @AfterEach
  void stop() throws IOException {
    if (serve != null) {
      serve.close();
    }
    if (manager != null) {
      manager.close();
    }
    if (syslog != null) {
      syslog.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private Path file() {
    return directory.resolve("events.json");
  }

  private void receive() {
    try {
      while (true) {
        Socket one = syslog.accept();
        Thread _ = Thread.ofPlatform().daemon().start(() -> drain(one));
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private static void drain(Socket from) {
    try (from) {
      boolean open = true;
      while (open) {
        open = from.getInputStream().read(new byte[8192]) >= 0;
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private String eventuallyFound(Pattern pattern) {
    return Child.eventually()
        .until(
            () -> {
              Matcher matcher = pattern.matcher(serve.child().err());
              return matcher.find() ? Optional.of(matcher.group(1)) : Optional.<String>empty();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  private String ask(String path) {
    return Child.start("curl", "-s", "-m", "10", "http://" + http + path).result().out();
  }

  private JsonNode ready() {
    return Nsmon.json(ask("/readyz"));
  }

  /// Sinks that have not got all yet, or don't work.
  private List<String> behind() {
    List<String> behind = new ArrayList<>();
    for (JsonNode sink : ready().get("sinks")) {
      if (sink.path("lag").asLong(-1) != 0 || !sink.get("condition").asText().equals("running")) {
        behind.add(sink.toString());
      }
    }
    return behind;
  }

  private JsonNode component(String name) {
    for (JsonNode one : ready().get("components")) {
      if (one.get("name").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no component " + name + " in " + ready());
  }

  private boolean isCounted(String component) {
    return ask("/metrics")
        .contains("nsmon_component_restarts_total{component=\"" + component + "\"} 1.0\n");
  }

  private void eventually(String name, BooleanSupplier condition) {
    Child.eventually()
        .untilAsserted(
            () ->
                assertTrue(
                    condition.getAsBoolean(),
                    () -> name + " in " + ask("/readyz") + "\n" + serve.child().err()));
  }

  /// Numbers that the file has, in order; what an `events-lost` stands for counts.
  private SortedSet<Long> filed() throws IOException {
    SortedSet<Long> numbers = new TreeSet<>();
    for (JsonNode record : Nsmon.json(Files.readAllLines(file()))) {
      long last = record.get("seq").asLong();
      for (long seq = record.path("first").asLong(last); seq <= last; seq++) {
        numbers.add(seq);
      }
    }
    return numbers;
  }

  @Test
  void eachThreadBelongsToAComponentAndEachComponentHasAThread() {
    Set<String> strays = new TreeSet<>();
    Set<ServePart> found = new TreeSet<>();
    for (String thread : serve.threads()) {
      Optional<ServePart> part = ServePart.of(thread);
      part.ifPresent(found::add);
      if (part.isEmpty()
          && !OTHERS.contains(thread)
          && !thread.matches("(ForkJoinPool|VirtualThread|JDWP|Thread-|process reaper).*")) {
        strays.add(thread);
      }
    }
    assertEquals(Set.of(), strays);
    assertEquals(Set.of(ServePart.values()), found);
    Set<String> shown = new TreeSet<>();
    ready().get("components").forEach(one -> shown.add(one.get("name").asText()));
    Set<String> sinks = new TreeSet<>();
    ready().get("sinks").forEach(one -> sinks.add(one.get("name").asText()));
    assertEquals(6, sinks.size(), sinks::toString);
    Set<String> expected = new TreeSet<>(sinks);
    for (ServePart part : ServePart.values()) {
      if (part != ServePart.SINK) {
        expected.add(part.toString());
      }
    }
    assertEquals(expected, shown);
  }

  private record Fault(
      String component,
      String thread,
      String type,
      String method,
      Class<? extends Throwable> thrown) {}

  private List<Fault> faults() {
    String address = "127.0.0.1:" + syslog.getLocalPort();
    Class<? extends Throwable> bug = ArithmeticException.class;
    Class<? extends Throwable> error = InternalError.class;
    return List.of(
        new Fault("file:" + file(), "pump-file.*", "dev.nsmon.sink.FileSink", "write", bug),
        new Fault(
            "syslog:tcp://" + address,
            "pump-syslog.*",
            "dev.nsmon.sink.SyslogSink",
            "write",
            error),
        new Fault(
            "kafka:nsmon.events", "kafka-nsmon.events", "dev.nsmon.kafka.Sending", "send", bug),
        new Fault(
            "kafka:nsmon.state",
            "pump-kafka:nsmon.state",
            "dev.nsmon.kafka.StateSink",
            "idle",
            error),
        new Fault("clients", "pump-clients", "dev.nsmon.websocket.EventStream", "feed", bug),
        new Fault("metrics", "pump-metrics", "dev.nsmon.websocket.EventCounter", "write", error),
        new Fault("journal", "journal", "dev.nsmon.journal.Writing", "chores", bug),
        new Fault("source", "perf|proc-connector", "dev.nsmon.perf.PerfSource", "drain", error),
        new Fault(
            "service-manager", "service-manager", "dev.nsmon.cli.ServiceManager", "problems", bug),
        new Fault("standstill", "standstill", "", "", bug),
        new Fault("look-times", "look-times", "", "", bug),
        new Fault("runtime-names", "runtime-names", "", "", error));
  }

  @Test
  void eachGoesOnAndNothingIsLostUnsaid() throws IOException {
    List<String> figures = new ArrayList<>();
    Set<String> done = new TreeSet<>();
    for (Fault fault : faults()) {
      String name = fault.component();
      Child load = load();
      if (fault.type().isEmpty()) {
        serve.failWaiting(fault.thread(), fault.thrown());
      } else {
        serve.fail(fault.thread(), fault.type(), fault.method(), fault.thrown());
      }
      long begin = System.nanoTime();
      eventually(name, () -> serve.child().err().contains(said(name)));
      long saidNanos = System.nanoTime() - begin;
      eventually(name, () -> isCounted(name));
      eventually(name, () -> component(name).get("condition").asText().equals("running"));
      figures.add(
          "%s: said after %d ms, back after %d ms"
              .formatted(
                  name,
                  Duration.ofNanos(saidNanos).toMillis(),
                  Duration.ofNanos(System.nanoTime() - begin).toMillis()));
      String status = name + ": restarted (restarts: 1)";
      manager.awaitLine(line -> line.contains(status));
      load.close();
      Child.eventually().untilAsserted(() -> assertEquals(List.of(), behind()));
      done.add(name);
    }
    figures.forEach(System.out::println);
    producerThread();
    assertEquals(
        11, done.stream().map(name -> name.replaceFirst(":.*", "")).collect(toSet()).size());
    long last = ready().get("seq").asLong();
    Child.eventually().until(() -> filed().contains(last));
    // Others may make namespaces meanwhile.
    SortedSet<Long> filed = filed();
    assertEquals(1, filed.first());
    assertEquals(filed.last(), filed.size(), "the file has every number, or says it was lost");
    for (JsonNode sink : ready().get("sinks")) {
      assertEquals(0, sink.get("lost").asLong(), sink::toString);
    }
    serve.child().signal("TERM");
    assertEquals(143, serve.child().result().code());
  }

  /// Of one of the two sinks: Kafka lets its thread end by an Error without a word.
  private void producerThread() {
    String sender = "org.apache.kafka.clients.producer.internals.Sender";
    try (Child _ = load()) {
      serve.fail("kafka-producer-network.*", sender, "runOnce", InternalError.class);
      Child.eventually()
          .until(() -> serve.child().err().contains("the thread of the Kafka producer has ended"));
    }
    Child.eventually().untilAsserted(() -> assertEquals(List.of(), behind()));
  }

  private static String said(String component) {
    return component.equals("source")
        ? "source has failed, which is a bug: "
        : "nsmon: " + component + " has failed: ";
  }

  /// Namespaces that come and go until it is closed.
  private static Child load() {
    return Child.start("sh", "-c", "while :; do unshare --uts true; sleep 0.05; done");
  }

  @ParameterizedTest
  @CsvSource({
    "monitor, dev.nsmon.monitor.Monitor, work, the monitor has failed",
    "listener-.*, io.netty.channel.SingleThreadIoEventLoop, runIo, listener has failed: ",
    "pump-metrics, dev.nsmon.websocket.EventCounter, write, out of memory: "
  })
  void whatCantGoOnEndsTheProcessWithTheReason(
      String thread, String type, String method, String said) {
    try (Child _ = load()) {
      serve.fail(
          thread,
          type,
          method,
          thread.endsWith("metrics") ? OutOfMemoryError.class : StackOverflowError.class);
    }
    int code = serve.child().result().code();
    // The debugger's own agent may crash as the process halts.
    assertTrue(code == 1 || (code == 134 && serve.child().out().contains("[libjdwp")), "" + code);
    assertTrue(serve.child().err().contains(said), serve.child()::err);
  }
}
