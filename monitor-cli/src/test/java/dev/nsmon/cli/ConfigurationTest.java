package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// What a configuration says is exactly what the options would say, and each mistake is one line
/// with its place.
final class ConfigurationTest {
  @TempDir private Path directory;

  private Configuration read(String text, Map<String, String> environment, String... typed)
      throws IOException, BadConfigurationException {
    Path file = Files.writeString(directory.resolve("c"), text);
    return Configuration.read(
        Optional.of(file.toString()),
        environment,
        new CommandLine(new ServeCommand()).parseArgs(typed));
  }

  /// What is wrong with a text in which `;` is the end of a line.
  private List<String> mistakes(String text, Map<String, String> environment, String... typed) {
    BadConfigurationException bad =
        assertThrows(
            BadConfigurationException.class,
            () -> read(text.replaceAll(" ?; ?", "\n").replace("~>", "  "), environment, typed));
    return bad.lines().stream().map(line -> line.replace(directory + "/", "")).toList();
  }

  private List<String> mistakes(String text) {
    return mistakes(text, Map.of());
  }

  private static final String TOP =
      "one of include-initial, threads, source, known-good, runtime-names, interval, reconcile,"
          + " journal, kafka, file, syslog, listen";
  private static final String OF_FILE = "path, format, size, keep, type, event, attention";
  private static final String TYPES = "one of cgroup, ipc, mnt, net, pid, time, user, uts";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Keys that there are not.
        "foo: 1                              | c:1:1: foo is no key: TOP",
        "intervall: 1s                       | c:1:1: intervall is no key: did you mean interval?",
        "Interval: 1s                        | c:1:1: Interval is no key: did you mean interval?",
        "includeInitial: true                | c:1:1: includeInitial is no key: did you mean"
            + " include-initial?",
        "known_good: []                      | c:1:1: known_good is no key: did you mean"
            + " known-good?",
        "token-file: /t                      | c:1:1: token-file is no key: did you mean"
            + " listen.token-file?",
        "kafka-topic: t                      | c:1:1: kafka-topic is no key: did you mean"
            + " kafka.topic?",
        "format: ecs                         | c:1:1: format is no key: did you mean kafka.format"
            + " or file.format or syslog.format?",
        "file.path: /f                       | c:1:1: file.path is no key: write file: {path: ...}",
        "file: {; ~>path: /f,; ~>formt: ecs} | c:3:3: file.formt is no key: did you mean"
            + " file.format?",
        "file: {path: /f, foo: 1}            | c:1:18: file.foo is no key: one of OF_FILE",
        "file: {path: /f, interval: 1s}      | c:1:18: file.interval is no key: did you mean"
            + " interval?",
        "kafka: {bootstrap.servers: h:1}     | c:1:9: kafka.bootstrap.servers is no key: one of"
            + " bootstrap, topic, state-topic, cursor-topic, config, properties, exactly-once,"
            + " format, type, event, attention",
        "source: poll; config: x             | c:2:1: config is no key: did you mean kafka.config?",
        "<<: {interval: 1s}                  | c:1:1: << is no key: TOP",
        "help: true                          | c:1:1: help is no key: TOP",
        // Keys that stand there twice.
        "interval: 1s; source: poll; interval: 2s | c:3:1: interval stands here again: it is in"
            + " line 1 already",
        "file: {path: /f}; file: {keep: 3}   | c:2:1: file stands here again: it is in line 1"
            + " already",
        "file: {path: /f, path: /g}          | c:1:18: file.path stands here again: it is in line 1"
            + " already",
        "kafka: {bootstrap: h:1, properties: {acks: all, acks: all}} | c:1:49:"
            + " kafka.properties.acks stands here again: it is in line 1 already",
        // Another shape.
        "- interval: 1s                      | c:1:1: this must be keys with values: NAMES",
        "just words                          | c:1:1: this must be keys with values: NAMES",
        "journal: none                       | c:1:10: journal holds keys: file, size, age",
        "journal:                            | c:1:9: journal holds keys: file, size, age",
        "journal: [1GiB]                     | c:1:10: journal holds keys: file, size, age",
        "listen: true                        | c:1:9: listen holds keys: address, token-file,"
            + " tls-cert, tls-key, tls-client-ca, allow-origin, allow-host, connections,"
            + " connections-per-address, pending, pending-per-address, pending-bytes,"
            + " pending-time",
        "interval: [1s]                      | c:1:11: interval is one value, not a list",
        "interval: {time: 1s}                | c:1:11: interval is one value, and holds no keys",
        "interval:                           | c:1:10: interval has no value",
        "interval: ~                         | c:1:11: interval has no value",
        "known-good: /opt/x                  | c:1:13: known-good is a list: [/opt/x]",
        "known-good:                         | c:1:12: known-good is a list: [...]",
        "known-good: {a: b}                  | c:1:13: known-good is a list: [...]",
        "known-good: [[/opt/x]]              | c:1:14: known-good is one value, not a list",
        "known-good: ['/a,/b']               | c:1:14: known-good: '/a,/b' holds a comma: each is"
            + " an entry of its own",
        "known-good: [/opt/x, 5]             | c:1:22: known-good: 5 is no text: '5' would be",
        "kafka: {bootstrap: [h:1]}           | c:1:20: kafka.bootstrap is one value, not a list",
        "kafka: {bootstrap: h:1, properties: [acks=all]} | c:1:37: kafka.properties holds names"
            + " with values, such as compression.type: lz4",
        "kafka: {bootstrap: h:1, properties: {acks: [all]}} | c:1:44: kafka.properties.acks is one"
            + " value, not a list",
        "? [a] ; : 1                         | c:1:3: a key is a word",
        "'': 1                               | c:1:1: a key is a word",
        // Another type.
        "threads: yes                        | c:1:10: threads: 'yes' is neither true nor false",
        "threads: 1                          | c:1:10: threads: '1' is neither true nor false",
        "include-initial: True               | c:1:18: include-initial: 'True' is neither true nor"
            + " false",
        "file: {path: /f, attention: on}     | c:1:29: file.attention: 'on' is neither true nor"
            + " false",
        "interval: 5                         | c:1:11: interval: '5' is no duration: up to six"
            + " digits and ms, s, m, h or d, such as 500ms",
        "interval: soon                      | c:1:11: interval: 'soon' is no duration: up to six"
            + " digits and ms, s, m, h or d, such as 500ms",
        "source: ebpf                        | c:1:9: source: 'ebpf' is no source: one of auto,"
            + " perf, proc-connector, poll",
        "journal: {size: 1GB}                | c:1:17: journal.size: '1GB' is no size: up to six"
            + " digits and KiB, MiB or GiB, such as 512MiB",
        "journal: {file: 5}                  | c:1:17: journal.file: 5 is no text: '5' would be",
        "journal: {file: true}               | c:1:17: journal.file: true is no text: 'true' would"
            + " be",
        "interval: !!binary aGk=             | c:1:11: interval: tag:yaml.org,2002:binary is no tag"
            + " that is known here",
        "interval: !time 1s                  | c:1:11: interval: !time is no tag that is known"
            + " here",
        "file: {path: /f, format: xml}       | c:1:26: file.format: 'xml' is no output format: one"
            + " of text, json, cloudevents, ecs, ocsf, cef, syslog",
        "file: {path: /f, keep: 0}           | c:1:24: file.keep: '0' is no count: a whole number"
            + " from 1 on",
        "file: {path: /f, keep: 5.0}         | c:1:24: file.keep: '5.0' is no count: a whole number"
            + " from 1 on",
        "file: {path: /f, type: [net, foo]}  | c:1:30: file.type: 'foo' is no namespace type:"
            + " TYPES",
        "syslog: {receiver: 'udp://h:1'}     | c:1:20: syslog.receiver: 'udp://h:1' is no syslog"
            + " receiver: tcp://HOST:PORT or tls://HOST:PORT",
        "listen: {address: 8470}             | c:1:19: listen.address: '8470' is no address to"
            + " listen at: 127.0.0.1:8470, [::1]:8470, :8470 for all",
        "listen: {address: ''}               | c:1:19: listen.address: '' is no address to listen"
            + " at: 127.0.0.1:8470, [::1]:8470, :8470 for all",
        // Out of range.
        "interval: 99ms                      | c:1:11: interval goes from 100ms to 1h, and 99ms is"
            + " outside",
        "reconcile: 2h                       | c:1:12: reconcile goes from 100ms to 1h, and"
            + " 7200000ms is outside",
        "journal: {size: 1KiB}               | c:1:17: journal.size goes from 4MiB on, which a"
            + " journal needs at least",
        "journal: {age: 0s}                  | c:1:16: journal.age must be longer than nothing,"
            + " and 36500d at most",
        "journal: {age: 36501d}              | c:1:16: journal.age must be longer than nothing,"
            + " and 36500d at most",
        "file: {path: /f, keep: 1001}        | c:1:24: file.keep goes from 1 to 1000, and 1001 is"
            + " outside",
        "listen: {address: '[::1]:0', pending: 1000001} | c:1:39: listen.pending goes from 1 to"
            + " 1000000, and 1000001 is outside",
        "listen: {address: '[::1]:0', pending-bytes: 1KiB} | c:1:45: listen.pending-bytes goes"
            + " from 16KiB, the head of a request, to 1MiB",
        "listen: {address: '[::1]:0', pending-time: 1h} | c:1:44: listen.pending-time goes from 1s"
            + " to 10m",
        "listen: {connections: 9}            | c:1:23: listen.connections needs listen.address",
        "file: {path: /f, size: 0MiB}        | c:1:24: file.size goes from 1KiB on",
        "known-good: [/opt/x, runc]          | c:1:22: known-good: 'runc' is no absolute path, such"
            + " as /opt/cni/bin/bridge",
        "kafka: {bootstrap: h:1, topic: a b} | c:1:32: kafka.topic: 'a b' is no topic name: up to"
            + " 249 of a-z A-Z 0-9 . _ -",
        "listen: {address: '0.0.0.0:0'}      | c:1:19: listen.address: 0.0.0.0:0 can be reached"
            + " from elsewhere: who listens there must demand a token: listen.token-file",
        // What does not go together.
        "file: {format: ecs}                 | c:1:16: file.format needs file.path",
        "file: {attention: true}             | c:1:19: file.attention needs file.path",
        "syslog: {format: cef}               | c:1:18: syslog.format needs syslog.receiver",
        "syslog: {receiver: 'tcp://h:1', ca: /c} | c:1:37: syslog.ca needs syslog.receiver tls://",
        "kafka: {topic: t}                   | c:1:16: kafka.topic needs kafka.bootstrap",
        "kafka: {properties: {acks: all}}    | c:1:28: kafka.properties.acks needs kafka.bootstrap",
        "listen: {token-file: /t}            | c:1:22: listen.token-file needs listen.address",
        "listen: {address: '[::1]:0', tls-key: /k} | c:1:39: listen.tls-key:"
            + " listen.tls-cert and listen.tls-key go together",
        "journal: {file: none}; kafka: {bootstrap: h:1, exactly-once: true} | c:2:39:"
            + " kafka.exactly-once needs a journal, so not journal.file none",
        "journal: {file: none, size: 8MiB}   | c:1:29: journal.size needs a journal, so not"
            + " journal.file none",
        "journal: {file: /j}; file: {path: //j} | c:2:14: file.path is the file of journal.file"
            + " too",
        "kafka: {bootstrap: h:1, topic: nsmon.state} | c:1:32: kafka.topic: kafka.state-topic is"
            + " nsmon.state too, and a topic is for one of them",
        "kafka: {bootstrap: h:1, topic: t, cursor-topic: t} | c:1:49: kafka.cursor-topic:"
            + " kafka.topic is t too, and a topic is for one of them",
        // What a start reads.
        "listen: {address: '[::1]:0', token-file: /nowhere/t} | c:1:42: listen.token-file:"
            + " /nowhere/t does not exist",
        "listen: {address: '[::1]:0', token-file: /dev/zero} | c:1:42: listen.token-file:"
            + " /dev/zero: is a character device, and must be a regular file",
        "syslog: {receiver: 'tls://h:1', ca: /nowhere/c} | c:1:37: syslog.ca: can't read"
            + " certificates: /nowhere/c: no such file",
        // What is wrong only because something else is.
        "file: {path: [/f], format: ecs}     | c:1:14: file.path is one value, not a list",
        "syslog: {receiver: 'udp://h:1', format: cef, ca: /c} | c:1:20: syslog.receiver:"
            + " 'udp://h:1' is no syslog receiver: tcp://HOST:PORT or tls://HOST:PORT",
        // Kafka's own.
        "kafka: {bootstrap: nowhere}         | c:1:20: kafka.bootstrap: 'nowhere' is no broker:"
            + " HOST:PORT",
        "kafka: {bootstrap: h:1, config: /nowhere/it} | c:1:33: kafka.config: Kafka properties:"
            + " there is no file /nowhere/it",
        "kafka: {bootstrap: h:1, properties: {acks: x}} | c:1:44: kafka.properties.acks: Kafka"
            + " properties: Invalid value x for configuration acks: String must be one of: all, -1,"
            + " 0, 1",
        "kafka: {bootstrap: h:1, properties: {ssl.key.password: x}} | c:1:56:"
            + " kafka.properties.ssl.key.password: ssl.key.password is a secret, which others could"
            + " read here: put it into the file of kafka.config or the environment"
            + " (NSMON_KAFKA_SSL_KEY_PASSWORD)",
        "kafka: {bootstrap: 'h:99999'}       | c:1:20: kafka.bootstrap: 'h:99999' is no broker:"
            + " HOST:PORT",
        "kafka: {bootstrap: h:1, properties: {enable.idempotence: false}} | c:1:58:"
            + " kafka.properties.enable.idempotence: Kafka properties: enable.idempotence must be"
            + " true: an event that is sent again may otherwise come twice or out of order",
        "kafka: {bootstrap: h:1, properties: {transactional.id: x}} | c:1:56:"
            + " kafka.properties.transactional.id: Kafka properties: transactional.id is for nsmon"
            + " to set: use kafka.exactly-once",
        "kafka: {bootstrap: h:1, properties: {interceptor.classes: java.lang.String}} | c:1:59:"
            + " kafka.properties.interceptor.classes: Kafka properties: names no class that can be"
            + " used: class java.lang.String",
        "kafka: {bootstrap: h:1, properties: {security.protocol: SASL_SSL}} | c:1:20:"
            + " kafka.bootstrap: Kafka properties: Could not find a 'KafkaClient' entry in the JAAS"
            + " configuration. System property 'java.security.auth.login.config' is not set",
        "kafka: {bootstrap: h:1, properties: {security.protocol: SSL, ssl.truststore.location:"
            + " /nowhere/t}} | c:1:57: kafka.properties.security.protocol: Kafka properties: Failed"
            + " to load SSL keystore /nowhere/t of type JKS:"
            + " java.nio.file.NoSuchFileException: /nowhere/t",
        // No YAML.
        "interval: 1s: 2s                    | c:1:13: no YAML: mapping values are not allowed"
            + " here",
        "file: {path: /f                     | c:2:1: no YAML: expected ',' or '}', but got <stream"
            + " end>",
        "file:; \tpath: /f                   | c:2:1: no YAML: found character '\\t(TAB)' that"
            + " cannot start any token.",
        "interval: *x                        | c:1:11: no YAML: found undefined alias x",
        "interval: 'x                        | c:2:1: no YAML: found unexpected end of stream",
        "listen: {address: [::1]:1}          | c:1:20: no YAML: expected the node content, but"
            + " found ':'",
        "interval: 1s; source                | c:3:1: no YAML: could not find expected ':'",
        "interval: 1s; }                     | c:2:1: no YAML: expected <block end>, but found '}'",
        "interval: 1s; ---; interval: 1s     | c:3:1: a second document begins here, and one is"
            + " all",
        "source: poll; interval: 1\u0007s    | c:2:12: no YAML: the character U+0007 may not stand"
            + " here",
      })
  void aMistakeIsOneLineWithItsPlace(String text, String line) {
    String expected =
        line.replace("NAMES", TOP.replace("one of ", ""))
            .replace("TOP", TOP)
            .replace("OF_FILE", OF_FILE)
            .replace("TYPES", TYPES);
    assertEquals(List.of(expected), mistakes(text.replace("\\t", "\t") + ";"));
  }

  /// A reader that can be stopped in open(2), or that fills the memory, ends a service that is told
  /// to read its configuration again.
  @Test
  @Timeout(60)
  void aConfigurationIsARegularFileOfLimitedSize() throws Exception {
    Path pipe = directory.resolve("pipe");
    Ran.of("mkfifo", "" + pipe).well();
    Path zero = Files.createSymbolicLink(directory.resolve("zero"), Path.of("/dev/zero"));
    Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
    assertEquals("it is a named pipe, and must be a regular file", refusal(pipe));
    assertEquals("it is a character device, and must be a regular file", refusal(zero));
    assertEquals("it is larger than 1024 KiB, the most it may be", refusal(large));
  }

  private static String refusal(Path file) {
    BadConfigurationException bad =
        assertThrows(
            BadConfigurationException.class,
            () ->
                Configuration.read(
                    Optional.of("" + file),
                    Map.of(),
                    new CommandLine(new ServeCommand()).parseArgs()));
    assertEquals(1, bad.lines().size());
    return bad.lines().getFirst().replace(file + ": ", "");
  }

  @Test
  void theJournalIsNoFileToRead() throws IOException {
    Path other = Files.createFile(directory.resolve("kafka.properties"));
    assertEquals(
        List.of("c:1:17: journal.file is the file of kafka.config too"),
        mistakes(
            "journal: {file: %1$s}; kafka: {bootstrap: h:1, config: %1$s}".formatted(other),
            Map.of()));
  }

  /// What only prints a configuration reads no file, and prints no secret.
  @Test
  void aSecretIsRefusedWhereNoFileIsRead() throws IOException {
    String text = "kafka: {bootstrap: h:1, config: /nowhere, properties: {ssl.key.password: x}}";
    Path file = Files.writeString(directory.resolve("c"), text);
    BadConfigurationException bad =
        assertThrows(
            BadConfigurationException.class,
            () ->
                Configuration.written(
                    Optional.of(file.toString()),
                    Map.of(),
                    new CommandLine(new ServeCommand()).parseArgs()));
    assertEquals(1, bad.lines().size());
    assertTrue(bad.lines().getFirst().contains("is a secret"), bad.lines()::toString);
  }

  /// One value of a megabyte is judged in a moment, and quoted in part.
  @Test
  @Timeout(60)
  void aLineIsNeverLongerThanAThousandCharacters() {
    List<String> lines = mistakes("interval: " + "5".repeat(1_000_000) + ";");
    assertEquals(1, lines.size());
    String said = Words.line(lines.getFirst());
    assertEquals(1_000, said.length());
    assertTrue(said.startsWith("c:1:11: interval: '555"), said);
    assertTrue(said.endsWith("such as 500ms"), said);
    assertEquals(1_000, Words.line("\u0001".repeat(999)).length());
  }

  @Test
  void whatMayGetBetterIsAWarning() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    List<String> warnings =
        read(
                "journal: {file: '%1$s/below'}\nfile: {path: '%1$s/below'}\n"
                        .replaceFirst("below", "j")
                        .formatted(file)
                    + "syslog: {receiver: 'tcp://127.0.0.1:1'}\n",
                Map.of())
            .warnings();
    assertEquals(
        List.of(
            "c:1:17: journal.file: file is no directory: serve starts, and keeps events in memory"
                + " until it can write them",
            "c:2:14: file.path: file is no directory: serve starts, and tries on",
            "c:3:20: syslog.receiver: 127.0.0.1:1: Connection refused: serve starts, and tries on"),
        warnings.stream().map(line -> line.replace(directory + "/", "")).toList());
    assertEquals(
        List.of(),
        read("journal: {file: '%1$s/j'}\nfile: {path: '%1$s/f'}\n".formatted(directory), Map.of())
            .warnings());
  }

  @Test
  void allMistakesAreTold() {
    assertEquals(
        List.of(
            "c:1:11: interval: 'soon' is no duration: up to six digits and ms, s, m, h or d, such"
                + " as 500ms",
            "c:2:1: soruce is no key: did you mean source?",
            "c:3:12: reconcile goes from 100ms to 1h, and 0ms is outside",
            "c:5:10: file.type: 'foo' is no namespace type: " + TYPES,
            "c:5:20: file.type: 'bar' is no namespace type: " + TYPES),
        mistakes("interval: soon; soruce: poll; reconcile: 0s; file:; ~>type: [foo, net, bar]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing",
        "---",
        "--- {}",
        "{}",
        "interval: 1s",
        "{interval: 1s, source: poll}",
        "interval: '1s'",
        "known-good: []",
        "known-good: [/a, \"/b\"]",
        "known-good:\n- /a\n- /b",
        "threads: false",
        "journal: {file: none}",
        "journal: {file: '5'}",
        "file: {path: /f, type: [net, pid], event: [process-left], attention: true, keep: 12}",
        "interval: &a 1s\nreconcile: *a",
        "\ufeffinterval: 1s",
        "listen: {address: '[::1]:8470'}",
        "listen: {address: ':0', token-file: TOKEN}",
        "kafka: {bootstrap: 'h:1,i:2', exactly-once: true, properties: {linger.ms: 5, acks: all}}",
      })
  void whatIsRightIsRead(String text) throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
    read(text.replace("TOKEN", token.toString()), Map.of());
  }

  @Test
  void aValueIsWhatTheOptionSays() throws Exception {
    String text =
        """
        interval: 250ms
        threads: true
        known-good: [/opt/a, /opt/b]
        journal: {size: 64MiB, age: 2d}
        kafka:
          bootstrap: h:1
          type: [net, pid]
          properties: {linger.ms: 7}
        file: {path: /f, format: ecs, event: [process-left], keep: 3}
        """;
    String[] options = {
      "--interval=250ms",
      "--threads",
      "--known-good=/opt/a,/opt/b",
      "--journal-size=64MiB",
      "--journal-age=2d",
      "--kafka=h:1",
      "--kafka-type=net,pid",
      "-K",
      "linger.ms=7",
      "--file=/f",
      "--file-format=ecs",
      "--file-event=process-left",
      "--file-keep=3"
    };
    Map<String, Object> said = read(text, Map.of()).effective();
    assertEquals(read("", Map.of(), options).effective(), said);
    assertEquals(Duration.ofMillis(250), said.get("--interval"));
    assertEquals(Set.of(NamespaceType.NET, NamespaceType.PID), said.get("--kafka-type"));
    assertEquals(Set.of(Kind.PROCESS_LEFT), said.get("--file-event"));
    assertEquals(3L, said.get("--file-keep"));
  }

  @Test
  void theCommandLineWinsOverTheEnvironmentOverTheFile() throws Exception {
    String text =
        """
        interval: 1m
        reconcile: 1m
        threads: true
        include-initial: true
        known-good: [/a, /b]
        journal: {size: 1GiB, age: 1d}
        """;
    Map<String, String> environment =
        Map.of(
            "NSMON_RECONCILE", "2m",
            "NSMON_THREADS", "false",
            "NSMON_KNOWN_GOOD", "/c,/d",
            "NSMON_JOURNAL_SIZE", "2GiB",
            "NSMON_JOURNAL_AGE", "");
    Map<String, Object> all = read(text, environment, "--journal-size", "3GiB").effective();
    assertEquals(Duration.ofMinutes(1), all.get("--interval"));
    assertEquals(Duration.ofMinutes(2), all.get("--reconcile"));
    assertEquals(false, all.get("--threads"));
    assertEquals(true, all.get("--include-initial"));
    assertEquals(Set.of("/c", "/d"), all.get("--known-good"));
    assertEquals(3L << 30, all.get("--journal-size"));
    assertEquals(Duration.ofDays(1), all.get("--journal-age"));
  }

  @Test
  void ofKafkaPropertiesEachOneWinsByItself() throws Exception {
    String text = "kafka: {bootstrap: h:1, properties: {acks: all, linger.ms: 1, retries: 1}}";
    Map<String, String> environment =
        Map.of(
            "NSMON_KAFKA_LINGER_MS", "2",
            "NSMON_KAFKA_SSL_KEY_PASSWORD", "secret",
            "NSMON_KAFKA_ACKS", "");
    Configuration read = read(text, environment, "-K", "retries=3");
    assertEquals(List.of("acks=all", "retries=3"), read.effective().get("-K"));
    assertTrue(new ConfigText(read).lines().stream().noneMatch(line -> line.contains("secret")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NSMON_INTERVAL=5s0       | NSMON_INTERVAL: '5s0' is no duration: up to six digits and ms,"
            + " s, m, h or d, such as 500ms",
        "NSMON_INTERVAL=2h        | NSMON_INTERVAL goes from 100ms to 1h, and 7200000ms is outside",
        "NSMON_THREADS=1          | NSMON_THREADS: '1' is neither true nor false",
        "NSMON_FILE_FORMAT=ecs    | NSMON_FILE_FORMAT needs NSMON_FILE",
        "NSMON_FILE_TYPE=net,foo  | NSMON_FILE_TYPE: 'foo' is no namespace type: TYPES",
        "NSMON_LISTEN=8470        | NSMON_LISTEN: '8470' is no address to listen at:"
            + " 127.0.0.1:8470, [::1]:8470, :8470 for all",
        "NSMON_INTERVALL=5s       | NSMON_INTERVALL is no option of serve: did you mean"
            + " NSMON_INTERVAL?",
        "NSMON_KAFKA_TOPICS=x     | NSMON_KAFKA_TOPICS is no option of serve: did you mean"
            + " NSMON_KAFKA_TOPIC?",
        "NSMON_KAFKA=nowhere      | NSMON_KAFKA: 'nowhere' is no broker: HOST:PORT",
        "NSMON_CONFG=x            | NSMON_CONFG is no option of serve: did you mean NSMON_CONFIG?",
        "NSMON_KAFKA=h:1 NSMON_KAFKA_ACKS=x | NSMON_KAFKA_ACKS: Kafka properties: Invalid value x"
            + " for configuration acks: String must be one of: all, -1, 0, 1",
      })
  void aMistakeInTheEnvironmentIsNamedByItsVariable(String variables, String line) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables.split(" ", -1)) {
      environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
    }
    List<String> found = mistakes("", environment);
    assertEquals(List.of(line.replace("TYPES", TYPES)), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NSMON_OPTIONS",
        "NSMON_JVM_OPTIONS",
        "NSMON_SERVICE_HOST",
        "NSMON_SERVICE_PORT",
        "NSMON_SERVICE_PORT_HTTP",
        "NSMON_PORT_8470_TCP",
        "NSMON_PORT_8470_TCP_ADDR",
        "NSMON_KAFKA_SERVICE_HOST",
        "NSMON_KAFKA_LINGER_MS",
        "NSMON_KAFKA_TOKEN",
        "NSMON",
        "OTHER"
      })
  void variablesOfOthersAreNoMistake(String name) throws Exception {
    Variables read = Variables.read(Map.of(name, "5"), Keys.ALL);
    assertEquals(new Variables(List.of(), List.of(), List.of()), read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NSMON_PORT", "NSMON_KAFKA_PORT", "NSMON_LISTEN_PORT"})
  void aPortIsOfAServiceOnlyIfItsValueIs(String name) {
    Map<String, String> service = Map.of(name, "tcp://10.0.0.1:8470");
    assertEquals(new Variables(List.of(), List.of(), List.of()), Variables.read(service, Keys.ALL));
    assertEquals(Map.of(), Variables.withoutOptions(service));
    Map<String, String> ours = Map.of(name, "8470");
    assertEquals(ours, Variables.withoutOptions(ours));
  }

  @Test
  void whatIsPrintedIsReadAsTheSameText() throws Exception {
    for (String text : List.of("true", "2026-11-27", "5", "1_000", "0x1f", "on", "x", "it's")) {
      Configuration read = read("", Map.of(), "--journal=" + text);
      String printed = String.join("\n", new ConfigText(read).lines());
      assertEquals(read.effective(), read(printed, Map.of()).effective(), printed);
    }
  }

  @Test
  void aStrangeVariableIsTold() {
    assertEquals(
        List.of("NSMON_LISTEN_PORT is no option of serve, and is ignored"),
        Variables.read(Map.of("NSMON_LISTEN_PORT", "8470"), Keys.ALL).remarks());
    assertEquals(
        List.of("NSMON_PURPOSE is no option of serve, and is ignored"),
        Variables.read(Map.of("NSMON_PURPOSE", "x"), Keys.ALL).remarks());
  }

  @Test
  void whatIsAnOptionIsNoKafkaProperty() {
    assertEquals(
        Set.of("NSMON_KAFKA_ACKS", "PATH"),
        Variables.withoutOptions(
                Map.of(
                    "NSMON_KAFKA_ACKS", "",
                    "NSMON_KAFKA_TOPIC", "",
                    "NSMON_KAFKA", "",
                    "NSMON_KAFKA_SERVICE_HOST", "",
                    "PATH", ""))
            .keySet());
  }

  @Test
  void whatIsWrongOnTheCommandLineIsAWrongOption() {
    ParameterException wrong =
        assertThrows(
            ParameterException.class,
            () -> read("journal: {file: none}", Map.of(), "--kafka=h:1", "--kafka-exactly-once"));
    assertEquals("--kafka-exactly-once needs a journal, so not --journal none", wrong.getMessage());
  }

  @Test
  void aFileThatIsNoneIsOneMistake() throws Exception {
    Files.write(directory.resolve("latin"), "#\u00fc".getBytes(StandardCharsets.ISO_8859_1));
    Map<String, String> said =
        Map.of(
            "nowhere", "there is no such file",
            "latin", "it is not UTF-8",
            ".", "it is a directory, and must be a regular file");
    said.forEach(
        (name, words) -> {
          String file = directory.resolve(name).toString();
          assertEquals(
              List.of(file + ": " + words),
              ConfigFile.read(file, Keys.ALL).complaints().stream().map(Complaint::words).toList());
        });
  }

  @Test
  void aBombIsNoFire() {
    StringBuilder text = new StringBuilder("interval: 1s\nx: &a0 [1]\n");
    for (int i = 1; i < 40; i++) {
      text.append("x").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + ", ").repeat(9)).append("1]\n");
    }
    assertEquals(
        List.of("c: no YAML: Number of aliases for non-scalar nodes exceeds the specified max=50"),
        mistakes(text.toString()));
    assertEquals(1, mistakes("[".repeat(5000)).size());
  }
}
