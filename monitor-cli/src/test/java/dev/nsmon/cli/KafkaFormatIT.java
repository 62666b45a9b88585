package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A topic may have other values than our records.
class KafkaFormatIT {
  private static Broker broker;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    Needs.root();
    Needs.tool("unshare");
    broker = Broker.start();
    Nsmon.run("kafka", "create-topics", "--kafka", broker.address()).endedWith(0);
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  private Path config() {
    return directory.resolve("nsmon.yaml");
  }

  private void write(String format) throws IOException {
    Files.writeString(
        config(),
        "kafka: {bootstrap: '%s', format: %s}%njournal: {file: '%s'}%n"
            .formatted(broker.address(), format, directory.resolve("journal.db")));
  }

  private static Child sleeper() {
    return Child.start("unshare", "--uts", "sleep", "60").awaitComm("sleep");
  }

  @Test
  void valuesAreInTheFormatThatWasAskedForAndThatChangesWithTheConfiguration() throws IOException {
    write("ecs");
    try (Child serve = Nsmon.start("serve", "--config", config().toString());
        Published published = new Published(broker.address(), "nsmon.events")) {
      try (Child sleeper = sleeper()) {
        String event =
            await(
                published,
                "\"ecs\":{\"version\":\"",
                "\"action\":\"process-joined\"",
                "\"pid\":" + sleeper.pid() + ",");
        assertEquals("process-joined", Nsmon.json(event).at("/event/action").asText(), event);
      }
      write("cef");
      serve.signal("HUP");
      Child.eventually().until(() -> serve.err().contains("changed kafka.format\n"));
      try (Child sleeper = sleeper()) {
        String event =
            await(published, "CEF:0|", "|process-joined|", "spid=" + sleeper.pid() + " ");
        assertTrue(event.startsWith("CEF:0|"), event);
      }
      // The state topic and what reads both are of JSON.
      Child.eventually()
          .until(
              () ->
                  Nsmon.run("list", "--from", "kafka://" + broker.address(), "--type", "uts")
                      .lines()
                      .stream()
                      .anyMatch(line -> line.contains("uts")));
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
  }

  private static String await(Published published, String... parts) {
    return Child.eventually()
        .until(
            () ->
                published.values().stream()
                    .filter(value -> List.of(parts).stream().allMatch(value::contains))
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }
}
