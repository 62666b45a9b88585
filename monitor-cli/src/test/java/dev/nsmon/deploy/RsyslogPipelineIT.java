package dev.nsmon.deploy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.cli.Needs;
import dev.nsmon.testing.Ran;
import dev.nsmon.testing.ReservedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sample for rsyslog, run by rsyslog.
class RsyslogPipelineIT {
  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Ran.needs("rsyslogd");
    Ran.needs("unshare");
  }

  /// The sample, with another port, and files that the test may write.
  private Path sample(int port) throws IOException {
    String text = Deploy.read("pipelines/rsyslog.conf");
    String changed =
        text.replace("/var/log/", directory + "/")
            .replace("port=\"514\"", "port=\"" + port + "\" address=\"127.0.0.1\"")
            .replace("\nglobal(", "\nglobal(workDirectory=\"" + directory + "\"");
    assertTrue(changed.contains("address=") && changed.contains("workDirectory="), changed);
    return Files.writeString(directory.resolve("rsyslog.conf"), changed);
  }

  private List<JsonNode> written() throws IOException {
    Path file = directory.resolve("nsmon-events.json");
    List<JsonNode> events = new ArrayList<>();
    if (Files.exists(file)) {
      String text = Files.readString(file);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        events.add(Deploy.json(line));
      }
    }
    return events;
  }

  @Test
  void eventsAreWrittenAsJsonWithTheirFields() throws Exception {
    ReservedPort port = ReservedPort.open();
    Path sample = sample(port.number());
    Ran check = Ran.of("rsyslogd", "-N1", "-f", sample.toString()).well();
    assertEquals("", check.out());
    String pid = directory.resolve("pid").toString();
    try (port;
        Serve _ =
            Serve.start(directory, List.of("rsyslogd", "-n", "-f", sample.toString(), "-i", pid));
        Serve _ =
            Serve.nsmon(directory, "--journal=none", "--syslog=tcp://127.0.0.1:" + port.number())) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> written().stream().anyMatch(one -> says(one, "synced")));
      Ran.of("unshare", "--uts", "true").well();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> written().stream().anyMatch(one -> says(one, "namespace-created")));
    }
    for (JsonNode one : written()) {
      assertTrue(one.at("/event").asText().startsWith("NS"), one::toString);
      assertTrue(one.at("/data/stream").asText().length() > 8, one::toString);
      assertTrue(Character.isLetterOrDigit(one.at("/message").asText().charAt(0)), one::toString);
    }
  }

  private static boolean says(JsonNode event, String kind) {
    return event.at("/data/kind").asText().equals(kind)
        && (kind.equals("synced") || !event.at("/data/source").asText().equals("baseline"));
  }
}
