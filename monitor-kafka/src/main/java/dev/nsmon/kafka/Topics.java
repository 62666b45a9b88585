package dev.nsmon.kafka;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Creates the topics that nsmon publishes to, with settings that fit their records.
public final class Topics {
  private static final int REPLICAS = 3;

  private static final int TRIES = 50;
  private static final long PAUSE_MILLIS = 100;

  private static final Map<String, String> KEPT_A_WEEK =
      Map.of("cleanup.policy", "delete", "retention.ms", "604800000");

  private static final Map<String, String> LATEST_KEPT = Map.of("cleanup.policy", "compact");

  /// Small segments that are compacted soon, since a starting monitor reads the partition back.
  /// Kafka compacts closed segments only.
  private static final Map<String, String> CURSORS_KEPT =
      Map.of(
          "cleanup.policy",
          "compact",
          "segment.bytes",
          "16777216",
          "segment.ms",
          "3600000",
          "min.cleanable.dirty.ratio",
          "0.1");

  private final Admin admin;
  private final KafkaProperties properties;
  private final Consumer<String> report;

  private Topics(Admin admin, KafkaProperties properties, Consumer<String> report) {
    this.admin = admin;
    this.properties = properties;
    this.report = report;
  }

  /// The topics to create.
  ///
  /// @param events name of the event topic
  /// @param state name of the state topic
  /// @param cursors name of the topic of exactly-once cursors
  /// @param partitions how many each topic gets
  /// @param replicas replication factor; empty for the number of brokers, at most 3
  public record Plan(
      String events, String state, String cursors, int partitions, OptionalInt replicas) {}

  /// Creates the topics that are missing and leaves existing ones unchanged.
  ///
  /// @param report takes one line for each topic
  /// @return false if an existing topic has the wrong `cleanup.policy`
  /// @throws IOException if a topic can't be created or read; the message is one line for people
  public static boolean create(KafkaProperties properties, Plan plan, Consumer<String> report)
      throws IOException, InterruptedException {
    Map<String, Object> settings = properties.admin();
    settings.putIfAbsent("default.api.timeout.ms", "10000");
    try (Admin admin = Admin.create(settings)) {
      Topics topics = new Topics(admin, properties, report);
      int replicas =
          plan.replicas().isPresent()
              ? plan.replicas().getAsInt()
              : Math.min(REPLICAS, admin.describeCluster().nodes().get().size());
      boolean events = topics.create(plan.events(), plan, replicas, KEPT_A_WEEK);
      boolean state = topics.create(plan.state(), plan, replicas, LATEST_KEPT);
      boolean cursors = topics.create(plan.cursors(), plan, replicas, CURSORS_KEPT);
      return events && state && cursors;
    } catch (InterruptException e) {
      Thread.interrupted();
      throw new InterruptedException();
    } catch (ExecutionException e) {
      throw new IOException("Kafka: " + Trouble.words(e.getCause(), plan.events(), properties), e);
    } catch (KafkaException e) {
      throw new IOException("Kafka: " + Trouble.words(e, plan.events(), properties), e);
    }
  }

  private boolean create(String name, Plan plan, int replicas, Map<String, String> settings)
      throws ExecutionException, InterruptedException, IOException {
    Map<String, String> all = new TreeMap<>(settings);
    if (replicas >= REPLICAS) {
      // An acknowledged record is on two brokers, and one of three may be down.
      all.put("min.insync.replicas", "2");
    }
    NewTopic topic = new NewTopic(name, plan.partitions(), (short) replicas).configs(all);
    try {
      admin.createTopics(List.of(topic)).all().get();
      report.accept(
          "made topic %s: %d partitions, %d replicas, %s"
              .formatted(name, plan.partitions(), replicas, all));
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return isAsItShouldBe(name, settings.get("cleanup.policy"));
      }
      throw new IOException(
          "topic " + name + ": " + Trouble.words(e.getCause(), name, properties), e);
    }
  }

  private boolean isAsItShouldBe(String name, String policy)
      throws ExecutionException, InterruptedException {
    Config config = config(new ConfigResource(ConfigResource.Type.TOPIC, name));
    String found = Optional.ofNullable(config.get("cleanup.policy")).orElseThrow().value();
    boolean right = found.equals(policy);
    report.accept(
        "topic "
            + name
            + " is there already"
            + (right
                ? ""
                : ", but its cleanup.policy is %s and should be %s".formatted(found, policy)));
    return right;
  }

  /// Reads a topic's configuration. Retries for up to 5 s, since a broker may not know a topic yet
  /// that the controller has just created.
  private Config config(ConfigResource topic) throws ExecutionException, InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return admin.describeConfigs(List.of(topic)).all().get().get(topic);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || tries == TRIES) {
          throw e;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }
}
