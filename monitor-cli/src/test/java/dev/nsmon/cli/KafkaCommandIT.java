package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `nsmon kafka create-topics` at a broker where only some may do that.
class KafkaCommandIT {
  private static Broker broker;

  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() {
    Map<String, String> extra = new HashMap<>();
    extra.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    extra.put("super.users", "User:ANONYMOUS");
    extra.put("listener.name.secure.sasl.enabled.mechanisms", "PLAIN");
    extra.put(
        "listener.name.secure.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " user_guest=\"guest-password\";");
    broker = Broker.start(extra, "SASL_PLAINTEXT");
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  private static Result create(String server, String prefix, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "kafka",
                "create-topics",
                "--kafka",
                server,
                "--kafka-topic",
                prefix + "events",
                "--kafka-state-topic",
                prefix + "state",
                "--kafka-cursor-topic",
                prefix + "cursors"));
    command.addAll(List.of(more));
    return Nsmon.run(command.toArray(String[]::new));
  }

  @Test
  void makesTheTopicsWithWhatItPromisesAndLeavesThemAloneAfterwards() {
    Result made = create(broker.address(), "a.", "--partitions", "3").endedWith(0);
    assertEquals("", made.err());
    assertEquals(
        List.of(
            "made topic a.events: 3 partitions, 1 replicas, {cleanup.policy=delete,"
                + " retention.ms=604800000}",
            "made topic a.state: 3 partitions, 1 replicas, {cleanup.policy=compact}",
            "made topic a.cursors: 3 partitions, 1 replicas, {cleanup.policy=compact,"
                + " min.cleanable.dirty.ratio=0.1, segment.bytes=16777216, segment.ms=3600000}"),
        made.lines());
    assertEquals(3, partitions("a.events"));
    assertEquals("delete", setting("a.events", "cleanup.policy"));
    assertEquals("604800000", setting("a.events", "retention.ms"));
    assertEquals("compact", setting("a.state", "cleanup.policy"));
    assertEquals("compact", setting("a.cursors", "cleanup.policy"));
    assertEquals("3600000", setting("a.cursors", "segment.ms"));

    Result again = create(broker.address(), "a.", "--partitions", "4").endedWith(0);
    assertEquals("topic a.events is there already", again.lines().getFirst());
    assertEquals(3, again.lines().size());
    assertEquals(3, partitions("a.events"));
  }

  @Test
  @Tag("full")
  void oneThatIsNotAsItShouldBeIsTold() {
    broker.createTopic("b.state", 1, Map.of("cleanup.policy", "delete"));
    Result made = create(broker.address(), "b.").endedWith(1);
    assertEquals(
        "topic b.state is there already, but its cleanup.policy is delete and should be compact",
        made.lines().get(1));
    assertTrue(made.lines().get(2).startsWith("made topic b.cursors: "), made::toString);
  }

  @Test
  @Tag("full")
  void whoMayNotIsToldInOneLine() throws IOException {
    Path login =
        Files.writeString(
            directory.resolve("guest.properties"),
            """
            security.protocol=SASL_PLAINTEXT
            sasl.mechanism=PLAIN
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
            username="guest" password="guest-password";
            """);
    Result refused =
        create(broker.secureAddress(), "c.", "--kafka-config", login.toString()).endedWith(1);
    assertEquals(1, refused.err().lines().count(), refused::toString);
    assertTrue(refused.err().contains("topic c.events: not authorized: "), refused::toString);
    assertEquals(List.of(), refused.lines());
  }

  @Test
  @Tag("full")
  void hostThatIsNotThereIsOneLine() {
    Result unknown = create("nowhere.invalid:9092", "d.").endedWith(1);
    assertEquals("nsmon: Kafka: the host name nowhere.invalid is unknown\n", unknown.err());
    Result closed =
        create(
                "127.0.0.1:1",
                "d.",
                "-K",
                "default.api.timeout.ms=1000",
                "-K",
                "request.timeout.ms=500")
            .endedWith(1);
    assertEquals("nsmon: Kafka: 127.0.0.1:1 can't be reached: Connection refused\n", closed.err());
  }

  @Test
  void whatIsWrongIsToldBeforeKafkaIsAsked() {
    Result name = create("127.0.0.1:1", "e ").endedWith(2);
    assertTrue(name.err().contains("'e events' is no topic name"), name::toString);
    create("127.0.0.1:1", "e.", "--partitions", "0").endedWith(2);
    Result server = create("127.0.0.1", "e.").endedWith(3);
    assertTrue(server.err().contains("'127.0.0.1' is no broker: HOST:PORT"), server::toString);
  }

  private static int partitions(String topic) {
    return known(
        admin ->
            admin
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .size());
  }

  private static String setting(String topic, String name) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return known(
        admin ->
            admin
                .describeConfigs(List.of(resource))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(resource)
                .get(name)
                .value());
  }

  /// The controller has made a topic some time before the broker knows of it.
  private static <T> T known(Broker.Request<T> request) {
    return Child.eventually()
        .until(() -> broker.administer(admin -> unlessUnknown(request, admin)), Optional::isPresent)
        .orElseThrow();
  }

  private static <T> Optional<T> unlessUnknown(Broker.Request<T> request, Admin admin)
      throws Exception {
    try {
      return Optional.of(request.of(admin));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
