package dev.nsmon.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What the Kafka clients are set up with: the command line before the environment before the file
/// before what is best for nsmon. Immutable.
///
/// Secrets come by file or environment only, since anybody can read a command line, and are masked
/// wherever they could be shown.
public final class KafkaProperties {
  static final List<ConfigDef> CLIENTS =
      List.of(
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

  private static final String ENVIRONMENT_PREFIX = "NSMON_KAFKA_";
  private static final Pattern SERVER =
      Pattern.compile("([^\\s:/\\[\\]]+|\\[[0-9a-fA-F:.%]+]):[0-9]{1,5}");

  /// The property that a client complains of.
  private static final Pattern NAMED = Pattern.compile("for configuration ([a-z.]+)");

  private final String servers;
  private final SortedMap<String, String> given;
  private final Map<String, Object> ours;

  private KafkaProperties(String servers, String clientId, SortedMap<String, String> given) {
    this.servers = servers;
    this.given = given;
    this.ours = ours(clientId, given);
  }

  /// Reads them.
  ///
  /// @param servers `HOST:PORT[,...]`
  /// @param clientId what brokers see in their logs, such as `nsmon-HOSTNAME`
  /// @param file Java properties
  /// @param commandLine each `NAME=VALUE`
  /// @param environment of the process: `NSMON_KAFKA_SASL_JAAS_CONFIG` is `sasl.jaas.config`; an
  ///   empty variable says nothing
  /// @throws BadPropertiesException if one of them can't be used
  public static KafkaProperties of(
      String servers,
      String clientId,
      Optional<Path> file,
      List<String> commandLine,
      Map<String, String> environment)
      throws BadPropertiesException {
    SortedMap<String, String> given = new TreeMap<>();
    if (file.isPresent()) {
      given.putAll(read(file.get()));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX) && !value.isEmpty()) {
            given.put(property(name), value);
          }
        });
    for (String option : commandLine) {
      put(given, option);
    }
    KafkaProperties properties = new KafkaProperties(servers, clientId, given);
    properties.check();
    return properties;
  }

  private static Map<String, String> read(Path file) throws BadPropertiesException {
    Properties read = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      read.load(in);
    } catch (NoSuchFileException e) {
      throw new BadPropertiesException("", "Kafka properties: there is no file " + file);
    } catch (AccessDeniedException e) {
      throw new BadPropertiesException("", "Kafka properties: may not read " + file);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadPropertiesException(
          "", "Kafka properties: can't read " + file + ": " + e.getMessage());
    }
    Map<String, String> properties = new TreeMap<>();
    read.stringPropertyNames()
        .forEach(name -> properties.put(name, read.getProperty(name).strip()));
    return properties;
  }

  private static void put(Map<String, String> to, String option) throws BadPropertiesException {
    int equals = option.indexOf('=');
    if (equals < 1) {
      // Not repeated: it may be a secret with the wrong separator.
      throw new BadPropertiesException("", "a Kafka property must be NAME=VALUE");
    }
    String name = option.substring(0, equals).strip();
    if (Secrets.isSecret(name)) {
      throw new BadPropertiesException(
          name,
          name
              + " is a secret, which others could read here: put it into the file of"
              + " --kafka-config or the environment ("
              + variable(name)
              + ")");
    }
    to.put(name, option.substring(equals + 1).strip());
  }

  private static Map<String, Object> ours(String clientId, Map<String, String> given) {
    Map<String, Object> ours = new TreeMap<>();
    ours.put("client.id", clientId);
    // Nobody asked for the broker's owner to be sent figures of this host.
    ours.put("enable.metrics.push", "false");
    ours.put("acks", "all");
    ours.put("enable.idempotence", "true");
    ours.put("compression.type", "zstd");
    // One request at a time fills the next batch meanwhile; waiting for more would only add to it.
    ours.put("linger.ms", "0");
    ours.put("batch.size", Integer.toString(128 * 1024));
    ours.put("buffer.memory", Integer.toString(8 * 1024 * 1024));
    // Measured before compression, while the broker's limit (1 MiB) is on what arrives.
    ours.put("max.request.size", Integer.toString(4 * 1024 * 1024));
    ours.put("max.block.ms", "5000");
    ours.put("delivery.timeout.ms", "30000");
    long delivery = number(given.get("delivery.timeout.ms"), 30_000);
    long linger = number(given.get("linger.ms"), 0);
    ours.put("request.timeout.ms", Long.toString(Math.clamp(delivery - linger, 1, 10_000)));
    return ours;
  }

  private static long number(String text, long otherwise) {
    return text != null && text.matches("[0-9]{1,9}") ? Long.parseLong(text) : otherwise;
  }

  private void check() throws BadPropertiesException {
    for (String server : servers.split(",", -1)) {
      if (!SERVER.matcher(server.strip()).matches()) {
        throw new BadPropertiesException(
            "bootstrap.servers", "'" + server + "' is no broker: HOST:PORT");
      }
    }
    try {
      ProducerConfig producer = new ProducerConfig(producer());
      // What the producer itself would find out only when it is made.
      if (producer.getInt("delivery.timeout.ms")
          < producer.getLong("linger.ms") + producer.getInt("request.timeout.ms")) {
        throw new ConfigException(
            "delivery.timeout.ms must not be less than linger.ms and request.timeout.ms together");
      }
      new ConsumerConfig(consumer());
      new AdminClientConfig(admin());
    } catch (ConfigException e) {
      Matcher named = NAMED.matcher(e.getMessage());
      throw new BadPropertiesException(
          named.find() ? named.group(1) : "", "Kafka properties: " + mask(e.getMessage()));
    }
  }

  /// Whether a Kafka client has a property of this name.
  public static boolean isKnown(String name) {
    return CLIENTS.stream().anyMatch(client -> client.names().contains(name));
  }

  /// The property that this variable is about.
  public static String property(String variable) {
    String name = variable.substring(ENVIRONMENT_PREFIX.length()).replace('_', '.');
    return name.toLowerCase(Locale.ROOT);
  }

  /// The variable that this property may be given by.
  public static String variable(String name) {
    return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// Where the brokers are: `HOST:PORT[,...]`.
  public String servers() {
    return servers;
  }

  /// For a producer of bytes.
  public Map<String, Object> producer() {
    Map<String, Object> all = all();
    all.put("key.serializer", ByteArraySerializer.class);
    all.put("value.serializer", ByteArraySerializer.class);
    // What keeps the order over retries.
    all.put("max.in.flight.requests.per.connection", "1");
    return all;
  }

  /// For a consumer of bytes that is in no group and reads what is committed.
  public Map<String, Object> consumer() {
    Map<String, Object> all = all();
    all.put("key.deserializer", ByteArrayDeserializer.class);
    all.put("value.deserializer", ByteArrayDeserializer.class);
    all.put("enable.auto.commit", "false");
    all.put("isolation.level", "read_committed");
    return all;
  }

  /// For an administrator.
  public Map<String, Object> admin() {
    return all();
  }

  private Map<String, Object> all() {
    Map<String, Object> all = new TreeMap<>(ours);
    all.putAll(given);
    all.put("bootstrap.servers", servers);
    return all;
  }

  /// Names that no Kafka client knows: misspelt, or meant for a plug-in.
  public SortedSet<String> unknown() {
    SortedSet<String> unknown = new TreeSet<>(given.keySet());
    CLIENTS.forEach(client -> unknown.removeAll(client.names()));
    return unknown;
  }

  /// What was given and ours, secrets masked: for logs.
  @Override
  public String toString() {
    List<String> shown = new ArrayList<>();
    all()
        .forEach(
            (name, value) ->
                shown.add(name + "=" + (Secrets.isSecret(name) ? Secrets.MASKED : value)));
    return String.join(" ", shown);
  }

  /// A text that came from a client, such as the message of an exception, without our secrets.
  public String mask(String text) {
    return Secrets.mask(text, given);
  }
}
