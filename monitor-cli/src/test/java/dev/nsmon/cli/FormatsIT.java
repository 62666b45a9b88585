package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `-o` of commands that write records.
class FormatsIT {
  @BeforeAll
  static void needs() {
    Needs.root();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cloudevents | {\"specversion\":\"1.0\",",
        "ecs         | {\"@timestamp\":\"20",
        "ocsf        | {\"category_uid\":",
        "cef         | CEF:0|nsmon|nsmon|",
        "syslog      | <134>1 20",
      },
      quoteCharacter = '`')
  void everyLineIsOfTheFormat(String format, String begin) {
    Result result =
        Nsmon.run("watch", "-o", format, "--baseline", "--interval", "100ms", "--duration", "1s");
    result.endedWith(0);
    assertTrue(result.lines().size() >= 9, result::toString);
    for (String line : result.lines()) {
      assertTrue(line.startsWith(begin), line);
    }
  }

  @Test
  void aWrongFormatIsSaidInOneLine() {
    Result result = Refusals.run("watch", "-o", "xml");
    result.endedWith(2);
    for (String name : List.of("'xml'", "cloudevents", "ecs", "ocsf", "cef", "syslog")) {
      assertTrue(result.err().lines().findFirst().orElseThrow().contains(name), result::toString);
    }
    Refusals.run("list", "-o", "ecs").endedWith(2);
    Result at = Refusals.run("history", "--at", "1m", "-o", "cef");
    at.endedWith(2);
    assertEquals(
        "nsmon: -o cef is for events: --at has text and json",
        at.err().lines().findFirst().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--file-format=ecs                       | --file-format needs --file",
        "--file-keep=3                           | --file-keep needs --file",
        "--file=/tmp/x --file-size=3             | is no size",
        "--file=/tmp/x --file-keep=0             | is no count",
        "--syslog-format=cef                     | --syslog-format needs --syslog",
        "--kafka-format=cef                      | --kafka-format needs --kafka",
        "--syslog=udp://h:514                    | is no syslog receiver: tcp://HOST:PORT",
        "--syslog=tcp://h                        | is no syslog receiver",
        "--syslog=tcp://h:70000                  | is no syslog receiver",
        "--syslog=tcp://h:514 --syslog-ca=/no    | --syslog-ca needs --syslog tls://",
      },
      quoteCharacter = '`')
  void badOptionsAreSaidInOneLine(String options, String words) {
    Result result = Refusals.run(("serve --journal none " + options).split(" +"));
    result.endedWith(2);
    assertTrue(result.err().lines().findFirst().orElseThrow().contains(words), result::toString);
  }

  @Test
  void aFileThatIsNoCertificateIsSaidInOneLine() {
    Result result =
        Nsmon.run(
            "serve", "--journal", "none", "--syslog", "tls://h:1", "--syslog-ca", "/etc/hosts");
    result.endedWith(3);
    assertEquals(1, result.err().lines().count(), result::toString);
    assertTrue(
        result.err().startsWith("nsmon: --syslog-ca: there is no certificate in /etc/hosts"));
  }
}
