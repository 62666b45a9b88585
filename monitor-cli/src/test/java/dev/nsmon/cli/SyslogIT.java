package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.ReservedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `nsmon serve --syslog` before Debian's rsyslog, which takes messages apart and writes the fields
/// that it found.
class SyslogIT {
  private static final String DATA = "/$!/rfc5424-sd/nsmon@32473/";

  @TempDir private Path directory;
  private final ReservedPort reserved = ReservedPort.open();

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("rsyslogd");
  }

  @AfterEach
  void giveBack() {
    reserved.close();
  }

  private Path fields() {
    return directory.resolve("fields.json");
  }

  private Child rsyslog(int port) throws IOException {
    return rsyslog(port, "mmpstrucdata", "jsonmesg", "");
  }

  /// @param parser the module that takes messages apart
  /// @param property what is written of each
  private Child rsyslog(int port, String parser, String property, String rule) throws IOException {
    String configuration =
        """
        global(workDirectory="%1$s" maxMessageSize="64k" inputs.timeout.shutdown="30000")
        module(load="imtcp")
        module(load="%4$s")
        template(name="fields" type="list") { property(name="%5$s") constant(value="\\n") }
        ruleset(name="all" queue.type="Direct") {
          action(type="%4$s" %6$s)
          action(type="omfile" file="%2$s" template="fields" asyncWriting="off")
        }
        input(type="imtcp" port="%3$d" address="127.0.0.1" ruleset="all")
        """
            .formatted(directory, fields(), port, parser, property, rule);
    Path file = Files.writeString(directory.resolve("rsyslog.conf"), configuration);
    return Child.start(
        "rsyslogd", "-n", "-f", file.toString(), "-i", directory.resolve("pid").toString());
  }

  private static Child sleeper() {
    return Child.start("unshare", "--uts", "sleep", "60").awaitComm("sleep");
  }

  private List<JsonNode> received() throws IOException {
    return Nsmon.json(Nsmon.wholeLines(fields()));
  }

  /// The first message about the child in its namespace: another process may have had the inode.
  private JsonNode awaitInode(Child child) {
    String inode = child.namespace("uts").replaceAll("\\D", "");
    String pid = " pid=\"" + child.pid() + "\"";
    List<JsonNode> found = new ArrayList<>();
    Child.eventually()
        .until(
            () ->
                received().stream()
                    .filter(one -> one.get("rawmsg").asText().contains(inode))
                    .filter(one -> one.get("rawmsg").asText().contains(pid))
                    .peek(found::add)
                    .findFirst()
                    .isPresent());
    return found.getFirst();
  }

  /// What a receiver has not read when it ends is lost: TCP syslog has no acknowledgement (RFC
  /// 6587). Other tests make events meanwhile, so the monitor stands still until all is read.
  private static void endOnceAllIsRead(Child receiver, int port, Child monitor) {
    monitor.signal("STOP");
    Child.eventually().until(() -> monitor.isStopped() && isAllRead(port));
    receiver.signal("TERM");
    receiver.result();
    monitor.signal("CONT");
  }

  /// Whether both ends of the connections to a port of this machine have empty queues
  /// (`proc_net_tcp.rst`: address, port, state and queues in hexadecimal digits).
  private static boolean isAllRead(int port) throws IOException {
    String end = ":%04X".formatted(port);
    return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
        .map(line -> line.strip().split(" +"))
        .filter(field -> field[1].endsWith(end) || field[2].endsWith(end))
        .filter(field -> field[3].equals("01"))
        .allMatch(field -> field[4].equals("00000000:00000000"));
  }

  @Test
  void whatIsToldArrivesAsFieldsAlsoAfterAReceiverWasAway() throws IOException {
    int port = reserved.number();
    try (Child serve =
        Nsmon.start(
            "serve",
            "--journal",
            directory.resolve("journal.db").toString(),
            "--syslog",
            "tcp://127.0.0.1:" + port)) {
      Child.eventually().until(() -> serve.err().contains("can't be reached; trying on"));
      try (Child rsyslog = rsyslog(port)) {
        try (Child sleeper = sleeper()) {
          JsonNode message = awaitInode(sleeper);
          assertEquals("nsmon", message.get("app-name").asText(), message::toString);
          assertEquals("16", message.get("syslogfacility").asText(), message::toString);
          assertTrue(message.get("msgid").asText().startsWith("NS"), message::toString);
          assertEquals(sleeper.pid() + "", message.at(DATA + "pid").asText(), message::toString);
          assertEquals(
              sleeper.namespace("uts"), message.at(DATA + "nsname").asText(), message::toString);
        }
        endOnceAllIsRead(rsyslog, port, serve);
      }
      try (Child sleeper = sleeper();
          Child _ = rsyslog(port)) {
        awaitInode(sleeper);
      }
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
    List<Long> seqs =
        received().stream().map(one -> one.at(DATA + "seq").asLong()).distinct().toList();
    assertEquals(LongStream.rangeClosed(1, seqs.size()).boxed().toList(), seqs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cef", "json", "ecs"})
  void anotherFormatIsTheMessage(String format) throws IOException {
    int port = reserved.number();
    try (Child _ = rsyslog(port);
        Child serve =
            Nsmon.start(
                "serve",
                "--journal",
                "none",
                "--syslog",
                "tcp://127.0.0.1:" + port,
                "--syslog-format",
                format);
        Child sleeper = sleeper()) {
      Child.eventually().until(() -> !received().isEmpty());
      String inode = sleeper.namespace("uts").replaceAll("\\D", "");
      Child.eventually()
          .until(
              () -> received().stream().anyMatch(one -> one.get("msg").asText().contains(inode)));
      for (JsonNode one : received()) {
        String message = one.get("msg").asText().strip();
        if (format.equals("cef")) {
          assertTrue(message.startsWith("CEF:0|nsmon|nsmon|"), message);
        } else {
          assertTrue(Nsmon.json(message).isObject(), message);
        }
      }
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
  }

  @Test
  void cefIsTakenApart() throws IOException {
    Path rules = Files.writeString(directory.resolve("cef.rb"), "version=2\nrule=:%f:cef%\n");
    int port = reserved.number();
    try (Child _ = rsyslog(port, "mmnormalize", "$!", "rulebase=\"" + rules + "\"");
        Child serve =
            Nsmon.start(
                "serve",
                "--journal",
                "none",
                "--syslog",
                "tcp://127.0.0.1:" + port,
                "--syslog-format",
                "cef")) {
      Child.eventually().until(() -> !received().isEmpty());
      try (Child sleeper = sleeper()) {
        String name = sleeper.namespace("uts");
        Child.eventually()
            .until(
                () ->
                    received().stream()
                        .map(one -> one.at("/f/Extensions"))
                        .anyMatch(
                            one ->
                                one.path("spid").asText().equals("" + sleeper.pid())
                                    && one.path("cs2").asText().equals(name)));
      }
      serve.signal("TERM");
      serve.result().endedWith(143);
      for (JsonNode one : received()) {
        assertEquals("nsmon", one.at("/f/DeviceVendor").asText(), one::toString);
        assertEquals("stream", one.at("/f/Extensions/cs6Label").asText(), one::toString);
      }
    }
  }
}
