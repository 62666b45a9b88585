package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka and a syslog receiver are each handed what their own filter lets pass, before and after a
/// reload.
class SinkFilterIT {
  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  /// Takes one connection and keeps what comes.
  private static final class Receiver implements AutoCloseable {
    private final ServerSocket socket;
    private final StringWriter said = new StringWriter();

    Receiver() throws IOException {
      socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (Socket sender = socket.accept()) {
        byte[] some = new byte[8192];
        for (int n; (n = sender.getInputStream().read(some)) >= 0; ) {
          said.write(new String(some, 0, n, UTF_8));
        }
      } catch (IOException e) {
        // The end of the test.
      }
    }

    /// The messages so far: each begins with its length and its priority.
    List<String> messages() {
      return List.of(said.toString().split("(?=[0-9]+ <[0-9]+>1 )", -1));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Path write(Broker broker, Receiver receiver, String kafka, String syslog)
      throws IOException {
    return Files.writeString(
        directory.resolve("nsmon.yaml"),
        """
        source: poll
        interval: 100ms
        journal: {file: none}
        kafka: {bootstrap: '%s', %s}
        syslog: {receiver: 'tcp://127.0.0.1:%d', %s}
        """
            .formatted(broker.address(), kafka, receiver.socket.getLocalPort(), syslog));
  }

  private static List<String> about(Child child, Supplier<List<String>> all) {
    String field = "(?s).*(\"pid\":|spid=)" + child.pid() + "[, ].*";
    return all.get().stream().filter(one -> one.matches(field)).toList();
  }

  private static void assertHanded(
      Supplier<List<String>> kafka, String type, Supplier<List<String>> syslog, String kind) {
    try (Child uts = Child.start("unshare", "--uts", "sleep", "60").awaitComm("sleep");
        Child net = Child.start("unshare", "--net", "sleep", "60").awaitComm("sleep")) {
      Child shown = type.equals("net") ? net : uts;
      Child hidden = type.equals("net") ? uts : net;
      Child.eventually()
          .until(
              () ->
                  !about(shown, kafka).isEmpty()
                      && !about(uts, syslog).isEmpty()
                      && !about(net, syslog).isEmpty());
      assertEquals(List.of(), about(hidden, kafka));
      assertTrue(about(net, syslog).stream().allMatch(one -> one.contains(kind)));
    }
  }

  @Test
  void eachIsHandedWhatItsOwnFilterLetsPass() throws IOException {
    try (Broker broker = Broker.start();
        Receiver receiver = new Receiver()) {
      Nsmon.run("kafka", "create-topics", "--kafka", broker.address()).endedWith(0);
      Path config = write(broker, receiver, "type: [net]", "format: json, event: [process-joined]");
      try (Published published = new Published(broker.address(), "nsmon.events");
          Child serve = Nsmon.start("serve", "--config", "" + config)) {
        assertHanded(published::values, "net", receiver::messages, "\"process-joined\"");
        write(broker, receiver, "type: [uts]", "format: cef, event: [namespace-created]");
        serve.signal("HUP");
        Child.eventually()
            .until(() -> serve.err().contains("changed kafka.type, syslog.event, syslog.format\n"));
        assertHanded(published::values, "uts", receiver::messages, "|namespace-created|");
        serve.signal("TERM");
        serve.result().endedWith(143);
      }
    }
  }
}
