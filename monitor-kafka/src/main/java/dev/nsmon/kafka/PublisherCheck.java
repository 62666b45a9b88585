package dev.nsmon.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/// Checks before the start whether these properties work for a publisher and whether they could
/// lose, repeat or reorder events.
///
/// It makes no network connection. Key stores, login modules and plug-ins are loaded as the clients
/// load them.
public final class PublisherCheck {
  /// SASL mechanisms whose credentials are in the properties. Others, such as GSSAPI, log in at a
  /// server, which may be down now.
  private static final Set<String> LOCAL = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  private static final String NO_CLASS = "names no class that can be used: ";

  private final KafkaProperties properties;
  private final List<BadPropertiesException> faults = new ArrayList<>();

  private PublisherCheck(KafkaProperties properties) {
    this.properties = properties;
  }

  /// Loads a part of a client.
  @FunctionalInterface
  private interface Part {
    void load() throws Exception;
  }

  /// All errors found, one exception each; empty if there are none.
  public static List<BadPropertiesException> faults(KafkaProperties properties) {
    PublisherCheck check = new PublisherCheck(properties);
    check.guarantees();
    check.plugIns();
    check.security();
    return check.faults;
  }

  private void guarantees() {
    only("acks", Set.of("all", "-1"), "all", "an event that one broker alone has may be lost");
    only(
        "enable.idempotence",
        Set.of("true"),
        "true",
        "an event that is sent again may otherwise come twice or out of order");
    if (properties.given("transactional.id").isPresent()) {
      add("transactional.id", "transactional.id is for nsmon to set: use --kafka-exactly-once");
    }
  }

  private void only(String name, Set<String> allowed, String right, String reason) {
    Optional<String> given = properties.given(name);
    if (given.isPresent() && !allowed.contains(given.get())) {
      add(name, name + " must be " + right + ": " + reason);
    }
  }

  private void plugIns() {
    AbstractConfig producer = new ProducerConfig(properties.producer());
    AbstractConfig consumer = new ConsumerConfig(properties.consumer());
    load(
        "interceptor.classes",
        NO_CLASS,
        () -> {
          instances(producer, "interceptor.classes", ProducerInterceptor.class);
          instances(consumer, "interceptor.classes", ConsumerInterceptor.class);
        });
    load(
        "metric.reporters",
        NO_CLASS,
        () -> instances(producer, "metric.reporters", MetricsReporter.class));
    load(
        "partitioner.class",
        NO_CLASS,
        () -> {
          Partitioner one = producer.getConfiguredInstance("partitioner.class", Partitioner.class);
          if (one != null) {
            one.close();
          }
        });
  }

  private static <T> void instances(AbstractConfig config, String name, Class<T> type)
      throws Exception {
    for (T one : config.getConfiguredInstances(name, type)) {
      if (one instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  private void security() {
    Map<String, Object> client = new TreeMap<>(properties.admin());
    String protocol = client.getOrDefault("security.protocol", "PLAINTEXT").toString();
    boolean sasl = protocol.startsWith("SASL_");
    AbstractConfig config = new AdminClientConfig(client);
    if (sasl
        && !load("sasl.jaas.config", "", () -> JaasContext.loadClientContext(config.values()))) {
      return;
    }
    if (sasl && !LOCAL.contains(config.getString("sasl.mechanism"))) {
      client.put("security.protocol", protocol.substring("SASL_".length()));
    }
    load(
        "security.protocol",
        "",
        () -> {
          ChannelBuilder builder =
              ClientUtils.createChannelBuilder(
                  new AdminClientConfig(client), Time.SYSTEM, new LogContext());
          builder.close();
        });
  }

  /// Loads a part and records its failure.
  ///
  /// @param lead begins the message of the failure
  /// @return whether it was loaded
  private boolean load(String property, String lead, Part part) {
    try {
      part.load();
      return true;
    } catch (Exception e) {
      add(property, lead + words(e));
      return false;
    }
  }

  /// The messages of an exception and its causes. Often only the innermost one helps, such as the
  /// name of a missing file.
  private static String words(Exception e) {
    StringBuilder words = new StringBuilder(String.valueOf(e.getMessage()));
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      String more = cause instanceof KafkaException ? cause.getMessage() : cause.toString();
      if (more != null && words.indexOf(more) < 0) {
        words.append(": ").append(more);
      }
    }
    return words.toString();
  }

  private void add(String property, String words) {
    faults.add(new BadPropertiesException(property, "Kafka properties: " + properties.mask(words)));
  }
}
