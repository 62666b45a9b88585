package dev.nsmon.kafka;

import dev.nsmon.testing.Ran;
import dev.nsmon.testing.ReservedPort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// A real broker (KRaft, one node) in a JVM of its own, which can be killed, stopped and started
/// again on the same ports with the same data. It makes no topics by itself, and ends with this
/// JVM.
///
/// Not for use by two threads at once.
public final class Broker implements AutoCloseable {
  /// Properties of one that is restarted: after a kill the controller lets it in again only when it
  /// has given up its former self.
  public static final Map<String, String> RESTARTED =
      Map.of("broker.session.timeout.ms", "1000", "broker.heartbeat.interval.ms", "200");

  private static final Duration PATIENCE = Duration.ofSeconds(50);
  private static final Duration POLL = Duration.ofMillis(20);

  /// See [#shared].
  private static Broker shared;

  private final Path directory;
  private final ReservedPort port = ReservedPort.open();
  private final ReservedPort controllerPort = ReservedPort.open();
  private final ReservedPort securePort;
  private final String secureHost;
  private Process process;

  private Broker(Map<String, String> extra, String secureProtocol, String secureHost)
      throws IOException {
    this.secureHost = secureHost;
    directory = Files.createTempDirectory("broker");
    securePort = ReservedPort.at(secureHost);
    Properties properties = properties(secureProtocol);
    properties.putAll(extra);
    try (var out = Files.newOutputStream(file("server.properties"))) {
      properties.store(out, null);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::discard));
    try {
      launch();
    } catch (IOException | RuntimeException | AssertionError e) {
      discard();
      throw e;
    }
  }

  /// The one that the tests of this JVM share which neither end nor halt it, each with topics of
  /// its own. It ends with the JVM.
  public static synchronized Broker shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /// Starts one that takes connections at [#address] without ado, and waits until it serves.
  public static Broker start() {
    return start(Map.of());
  }

  /// The same with these server properties on top.
  public static Broker start(Map<String, String> extra) {
    return start(extra, "");
  }

  /// The same with a second listener, called `SECURE`, at [#secureAddress].
  ///
  /// @param extra server properties; those of the listener begin with `listener.name.secure.`
  /// @param secureProtocol `SSL`, `SASL_SSL` or `SASL_PLAINTEXT`
  public static Broker start(Map<String, String> extra, String secureProtocol) {
    return start(extra, secureProtocol, "127.0.0.1");
  }

  /// Starts one that takes connections without ado at this address of the machine too, which
  /// [#secureAddress] then names.
  public static Broker startAt(String host) {
    return start(Map.of(), "PLAINTEXT", host);
  }

  private static Broker start(Map<String, String> extra, String secureProtocol, String secureHost) {
    try {
      return new Broker(extra, secureProtocol, secureHost);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Properties properties(String secureProtocol) {
    boolean secure = !secureProtocol.isEmpty();
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "controller.quorum.voters", "1@127.0.0.1:" + controllerPort.number(),
            "controller.listener.names", "CONTROLLER",
            "inter.broker.listener.name", "PLAINTEXT",
            "log.dirs", file("data").toString(),
            "auto.create.topics.enable", "false"));
    properties.put(
        "listeners",
        "PLAINTEXT://%s,CONTROLLER://127.0.0.1:%d".formatted(address(), controllerPort.number())
            + (secure ? ",SECURE://" + secureAddress() : ""));
    properties.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT" + (secure ? ",SECURE:" + secureProtocol : ""));
    // One node, little memory, no waiting for others.
    properties.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.num.partitions", "1",
            "transaction.state.log.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "log.cleaner.dedupe.buffer.size", "4194304",
            "num.network.threads", "2",
            "num.io.threads", "2"));
    // Events of a fixed date are no older than others.
    properties.put("log.retention.ms", "-1");
    // A broker that the machine is too busy for is not shut out.
    properties.put("broker.session.timeout.ms", "60000");
    return properties;
  }

  /// Where clients connect: `127.0.0.1:PORT`.
  public String address() {
    return "127.0.0.1:" + port.number();
  }

  /// Where clients connect to the second listener.
  public String secureAddress() {
    return secureHost + ":" + securePort.number();
  }

  /// Starts it again after [#kill], with the same data on the same port, and waits until it serves.
  public void restart() {
    try {
      launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void launch() throws IOException {
    File log = file("broker.log").toFile();
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                file("server.properties").toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log))
            .start();
    try {
      Awaitility.await("broker").atMost(PATIENCE).pollInterval(POLL).until(this::up);
      try (Admin admin = admin()) {
        Awaitility.await("broker that knows itself")
            .atMost(PATIENCE)
            .pollInterval(POLL)
            .until(() -> !admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).isEmpty());
      }
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(Files.readString(file("broker.log")), e);
    }
  }

  private boolean up() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("the broker has ended:\n" + Files.readString(file("broker.log")));
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number()), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// SIGKILL, and waits until it is gone.
  public void kill() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /// SIGSTOP: connections stay, nobody answers.
  public void freeze() {
    signal("-STOP");
  }

  /// SIGCONT.
  public void thaw() {
    signal("-CONT");
  }

  private void signal(String name) {
    Ran.of("kill", name, Long.toString(process.pid())).well();
  }

  /// A client that administers it; the caller closes it.
  public Admin admin() {
    return Admin.create(
        Map.of(
            "bootstrap.servers", address(),
            "default.api.timeout.ms", "30000",
            "enable.metrics.push", "false"));
  }

  /// Makes a topic with these settings and waits until it is there.
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
    administer(admin -> admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS));
    Awaitility.await("topic " + name).atMost(PATIENCE).until(() -> topics().contains(name));
  }

  /// Deletes a topic and waits until it is gone.
  public void deleteTopic(String name) {
    administer(admin -> admin.deleteTopics(List.of(name)).all().get(30, TimeUnit.SECONDS));
    Awaitility.await("end of " + name).atMost(PATIENCE).until(() -> !topics().contains(name));
  }

  private List<String> topics() {
    return administer(admin -> List.copyOf(admin.listTopics().names().get(30, TimeUnit.SECONDS)));
  }

  /// Something that is asked of an [Admin].
  public interface Request<T> {
    T of(Admin admin) throws Exception;
  }

  /// Asks, with a client for this once.
  public <T> T administer(Request<T> request) {
    try (Admin admin = admin()) {
      return request.of(admin);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  /// Ends it and removes its data.
  @Override
  public void close() {
    kill();
    discard();
    port.close();
    controllerPort.close();
    securePort.close();
  }

  private void discard() {
    if (process != null) {
      process.destroyForcibly();
    }
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // Left behind in the temporary directory.
    }
  }
}
