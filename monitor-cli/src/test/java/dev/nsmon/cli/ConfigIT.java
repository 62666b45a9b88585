package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `nsmon serve --config`: what is wrong is said before anything is begun, and what is new takes
/// effect while it runs.
class ConfigIT {
  @TempDir private Path directory;

  private Path config() {
    return directory.resolve("nsmon.yaml");
  }

  private Path events() {
    return directory.resolve("events");
  }

  private void write(String text) throws IOException {
    Files.writeString(config(), text);
  }

  /// A configuration with a journal, and a file that is written like this.
  private void writeFile(String rest) throws IOException {
    write(
        """
        source: poll
        interval: 100ms
        journal: {file: %s}
        file: {path: %s, %s}
        """
            .formatted(directory.resolve("journal.db"), events(), rest));
  }

  private int columnOfFormat() {
    return "file: {path: , format: ".length() + events().toString().length() + 1;
  }

  private Child serve(String... options) {
    List<String> args = new ArrayList<>(List.of("serve", "--config", "" + config()));
    args.addAll(List.of(options));
    return Nsmon.start(args.toArray(String[]::new));
  }

  private static Child sleeper(String type) {
    return Child.start("unshare", type, "sleep", "60").awaitComm("sleep");
  }

  private List<String> about(Child child) throws IOException {
    String field = "(?s).*(\"pid\":" + child.pid() + ",|spid=" + child.pid() + " ).*";
    return Files.readAllLines(events()).stream().filter(line -> line.matches(field)).toList();
  }

  private void awaitAbout(Child child) {
    Child.eventually().until(() -> Files.exists(events()) && !about(child).isEmpty());
  }

  private static void reload(Child serve, String line) {
    serve.signal("HUP");
    Child.eventually().until(() -> serve.err().lines().anyMatch(one -> one.equals(line)));
  }

  @Test
  void formatAndFilterOfAFileChangeWhileItIsWritten() throws IOException {
    Needs.root();
    Needs.tool("unshare");
    writeFile("format: json");
    try (Child serve = serve()) {
      try (Child first = sleeper("--uts")) {
        awaitAbout(first);
        assertTrue(about(first).getFirst().startsWith("{\"schema\":1,"));
      }
      Path moved = Files.move(events(), directory.resolve("moved"));
      writeFile("format: cef, type: [net], event: [process-joined]");
      reload(
          serve, "nsmon: read the configuration again: changed file.event, file.format, file.type");
      try (Child hidden = sleeper("--uts");
          Child shown = sleeper("--net")) {
        awaitAbout(shown);
        assertEquals(List.of(), about(hidden));
        assertTrue(about(shown).stream().allMatch(line -> line.startsWith("CEF:0|")));
        assertTrue(about(shown).stream().allMatch(line -> line.contains("|process-joined|")));
      }
      long sizeOfMoved = Files.size(moved);

      writeFile("format: xml, typ: [net]");
      reload(serve, "nsmon: kept the old configuration");
      assertTrue(
          serve
              .err()
              .contains(
                  "nsmon: %1$s:4:%2$d: file.format: 'xml' is no output format: one of text, json,"
                      .formatted(config(), columnOfFormat())),
          serve::err);
      assertTrue(serve.err().contains("file.typ is no key: did you mean file.type?"), serve::err);
      try (Child hidden = sleeper("--uts");
          Child shown = sleeper("--net")) {
        awaitAbout(shown);
        assertEquals(List.of(), about(hidden));
        assertTrue(about(shown).stream().allMatch(line -> line.startsWith("CEF:0|")));
      }
      assertEquals(sizeOfMoved, Files.size(moved));
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
  }

  @Test
  void whatCantChangeWaitsForARestart() throws IOException {
    Needs.root();
    writeFile("format: json");
    try (Child serve = serve()) {
      Child.eventually().until(() -> Files.exists(events()) && Files.size(events()) > 0);
      reload(serve, "nsmon: read the configuration again: nothing to change");
      writeFile("keep: 9");
      Files.writeString(
          config(),
          Files.readString(config()) + "known-good: [/opt/x]\nlisten: {address: 127.0.0.1:0}\n");
      reload(serve, "nsmon: read the configuration again: changed known-good");
      Child.eventually()
          .until(
              () ->
                  serve
                      .err()
                      .contains("nsmon: as before until a restart: file.keep, listen.address\n"));
      Files.delete(config());
      reload(serve, "nsmon: kept the old configuration");
      assertTrue(serve.err().contains(config() + ": there is no such file"), serve::err);
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
  }

  @Test
  void theCommandLineWinsOverTheEnvironmentOverTheFile() throws IOException {
    Needs.root();
    writeFile("format: json");
    ProcessBuilder command = Nsmon.nsmon("serve", "--file-format", "ecs");
    command
        .environment()
        .putAll(
            Map.of(
                "NSMON_CONFIG",
                "" + config(),
                "NSMON_FILE_FORMAT",
                "cef",
                "NSMON_JOURNAL",
                "none"));
    try (Child serve = Child.start(command)) {
      Child.eventually().until(() -> Files.exists(events()) && Files.size(events()) > 0);
      assertTrue(Files.readAllLines(events()).getFirst().contains("\"ecs\":{\"version\""));
      assertFalse(Files.exists(directory.resolve("journal.db")));
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
  }

  @Test
  void aMistakeEndsItBeforeAnythingIsBegun() throws IOException {
    writeFile("format: jason");
    Files.writeString(
        config(), Files.readString(config()) + "listen: {address: 127.0.0.1:0, tokn-file: /t}\n");
    String said =
        """
        nsmon: %1$s:4:%2$d: file.format: 'jason' is no output format: one of text, json, \
        cloudevents, ecs, ocsf, cef, syslog
        nsmon: %1$s:5:32: listen.tokn-file is no key: did you mean listen.token-file?
        """
            .formatted(config(), columnOfFormat());
    Result result = Nsmon.run("serve", "--config", "" + config()).endedWith(3);
    assertEquals(said, result.err());
    assertEquals("", result.out());
    assertFalse(Files.exists(directory.resolve("journal.db")));
    assertFalse(Files.exists(events()));
    Result check = Nsmon.run("config", "check", "" + config()).endedWith(3);
    assertEquals(said, check.err());
  }

  @Test
  void whatIsRightIsSaid() throws IOException {
    writeFile("format: ecs");
    Result check = Nsmon.run("config", "check", "" + config()).endedWith(0);
    assertEquals("nsmon: " + config() + ": nothing is wrong\n", check.err());
    assertEquals("", check.out());
    Result print =
        Nsmon.run(Map.of("NSMON_CONFIG", "" + config(), "NSMON_INTERVAL", "7s"), "config", "print")
            .endedWith(0);
    assertTrue(print.lines().stream().anyMatch(l -> l.matches("interval: 7s +# NSMON_INTERVAL")));
    assertTrue(
        print.lines().stream().anyMatch(l -> l.matches("  format: ecs +# " + config() + ":4")));
    assertTrue(print.lines().stream().anyMatch(l -> l.matches("reconcile: 30s +# default")));
  }

  @Test
  void everyFileThatIsNoGoodIsNamedBeforeAnythingIsBegun() throws IOException {
    writeFile("format: ecs");
    Files.writeString(
        config(),
        Files.readString(config())
            + """
            listen:
              address: 127.0.0.1:0
              token-file: /nowhere/token
              tls-cert: /dev/zero
              tls-key: /nowhere/key
            syslog: {receiver: 'tls://127.0.0.1:1', ca: /etc}
            kafka: {bootstrap: 127.0.0.1:1, topic: nsmon.state, properties: {acks: 0}}
            """);
    List<String> places = new ArrayList<>();
    for (String command : new String[] {"serve --config", "config check"}) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.add("" + config());
      Result result = Nsmon.run(words.toArray(String[]::new)).endedWith(3);
      List<String> lines = result.err().lines().toList();
      places.add(
          lines.stream().map(l -> l.replaceAll(".*yaml:|([a-z]): .*", "$1")).toList().toString());
    }
    assertEquals(
        "[7:15: listen.token-file, 8:13: listen.tls-cert, 9:12: listen.tls-key, 10:45: syslog.ca,"
            + " 11:40: kafka.topic, 11:72: kafka.properties.acks]",
        places.getFirst());
    assertEquals(places.getFirst(), places.getLast());
    assertFalse(Files.exists(directory.resolve("journal.db")));
    assertFalse(Files.exists(events()));
  }

  @Test
  @Tag("full")
  void aConfigurationThatIsAPipeIsKeptOutAndALaterOneTaken() throws IOException {
    Needs.root();
    writeFile("format: json");
    try (Child serve = serve()) {
      Child.eventually().until(() -> Files.exists(events()));
      Files.delete(config());
      assertEquals(0, Nsmon.shell("mkfifo " + config()).code());
      reload(serve, "nsmon: kept the old configuration");
      assertTrue(
          serve.err().contains(config() + ": it is a named pipe, and must be a regular file"),
          serve::err);
      Files.delete(config());
      writeFile("format: cef");
      reload(serve, "nsmon: read the configuration again: changed file.format");
    }
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"NSMON_INTERVALL", "NSMON_FILE_FORMAT", "NSMON_THREADS"})
  void theEnvironmentIsJudgedWithoutAFileToo(String variable) {
    Result result = Nsmon.run(Map.of(variable, "maybe"), "serve", "--journal", "none");
    result.endedWith(3);
    assertTrue(result.err().startsWith("nsmon: " + variable), result::err);
    assertEquals(1, result.err().lines().count(), result::err);
  }

  @Test
  void aWrongOptionIsOneBesideAConfigurationToo() throws IOException {
    write("journal: {file: none}\n");
    Result result =
        Nsmon.run("serve", "--config", "" + config(), "--kafka", "h:1", "--kafka-exactly-once");
    result.endedWith(2);
    assertTrue(result.err().startsWith("nsmon: --kafka-exactly-once needs a journal"), result::err);
  }
}
