package dev.nsmon.kafka;

import dev.nsmon.file.InputFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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

/// The properties of the Kafka clients. Precedence, highest first: command line, environment, file,
/// nsmon's defaults. Immutable.
///
/// Secrets are accepted from file or environment only, since every local user can read a command
/// line. They are masked in all output.
public final class KafkaProperties {
  static final List<ConfigDef> CLIENTS =
      List.of(
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

  private static final int MOST_BYTES = 1 << 20;
  private static final String ENVIRONMENT_PREFIX = "NSMON_KAFKA_";
  private static final Pattern SERVER =
      Pattern.compile("([^\\s:/\\[\\]]+|\\[[0-9a-fA-F:.%]+]):([0-9]{1,5})");

  /// The name of the property in a client's error message.
  private static final Pattern NAMED = Pattern.compile("(?:for configuration|Must set) ([a-z.]+)");

  private final String servers;
  private final SortedMap<String, String> given;
  private final Map<String, Object> ours;

  private KafkaProperties(String servers, String clientId, SortedMap<String, String> given) {
    this.servers = servers;
    this.given = given;
    this.ours = ours(clientId, given);
  }

  /// Reads, merges and checks the properties.
  ///
  /// @param servers `HOST:PORT[,...]`
  /// @param clientId what brokers write to their logs, such as `nsmon-HOSTNAME`
  /// @param file in the format of Java properties
  /// @param commandLine each `NAME=VALUE`
  /// @param environment of the process: `NSMON_KAFKA_SASL_JAAS_CONFIG` is `sasl.jaas.config`; an
  ///   empty variable is ignored
  /// @throws BadPropertiesException if a property can't be used
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

  /// Checks properties by themselves, without a file or an environment.
  ///
  /// @param commandLine each `NAME=VALUE`
  /// @throws BadPropertiesException for the first that is no property, or a secret
  public static void checkForm(List<String> commandLine) throws BadPropertiesException {
    SortedMap<String, String> given = new TreeMap<>();
    for (String option : commandLine) {
      put(given, option);
    }
  }

  private static Map<String, String> read(Path file) throws BadPropertiesException {
    Properties read = new Properties();
    try {
      read.load(new StringReader(InputFile.text(file, MOST_BYTES, StandardCharsets.UTF_8)));
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
      // The message does not repeat it: it may be a secret with the wrong separator.
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
    // By default clients push their metrics to a broker that asks for them (KIP-714).
    ours.put("enable.metrics.push", "false");
    ours.put("acks", "all");
    ours.put("enable.idempotence", "true");
    ours.put("compression.type", "zstd");
    // With one request in flight the next batch fills meanwhile; lingering would only add latency.
    ours.put("linger.ms", "0");
    ours.put("batch.size", Integer.toString(128 * 1024));
    ours.put("buffer.memory", Integer.toString(8 * 1024 * 1024));
    // The client checks the size before compression; the broker's limit (message.max.bytes, 1 MiB
    // by default) is for the compressed batch.
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
      Matcher matcher = SERVER.matcher(server.strip());
      if (!matcher.matches() || !isPort(matcher.group(2))) {
        throw new BadPropertiesException(
            "bootstrap.servers", "'" + server + "' is no broker: HOST:PORT");
      }
    }
    try {
      ProducerConfig producer = new ProducerConfig(producer());
      // KafkaProducer checks this only in its constructor.
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

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port > 0 && port <= 65_535;
  }

  /// The value given by command line, environment or file; empty if none was, even if nsmon has a
  /// default.
  Optional<String> given(String name) {
    return Optional.ofNullable(given.get(name));
  }

  /// Whether a Kafka client has a property of this name.
  public static boolean isKnown(String name) {
    return CLIENTS.stream().anyMatch(client -> client.names().contains(name));
  }

  /// The property that is set by this environment variable, which must begin with `NSMON_KAFKA_`.
  public static String property(String variable) {
    String name = variable.substring(ENVIRONMENT_PREFIX.length()).replace('_', '.');
    return name.toLowerCase(Locale.ROOT);
  }

  /// The environment variable that sets this property.
  public static String variable(String name) {
    return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// The bootstrap servers: `HOST:PORT[,...]`.
  public String servers() {
    return servers;
  }

  /// Properties for a producer of byte arrays.
  public Map<String, Object> producer() {
    Map<String, Object> all = all();
    all.put("key.serializer", ByteArraySerializer.class);
    all.put("value.serializer", ByteArraySerializer.class);
    // With one request in flight, the acknowledged records are always a prefix of those sent.
    // Publisher relies on that when it closes a producer after a failure.
    all.put("max.in.flight.requests.per.connection", "1");
    return all;
  }

  /// Properties for a consumer of byte arrays without a group that reads committed records only.
  public Map<String, Object> consumer() {
    Map<String, Object> all = all();
    all.put("key.deserializer", ByteArrayDeserializer.class);
    all.put("value.deserializer", ByteArrayDeserializer.class);
    all.put("enable.auto.commit", "false");
    all.put("isolation.level", "read_committed");
    return all;
  }

  /// Properties for an admin client.
  public Map<String, Object> admin() {
    return all();
  }

  private Map<String, Object> all() {
    Map<String, Object> all = new TreeMap<>(ours);
    all.putAll(given);
    all.put("bootstrap.servers", servers);
    return all;
  }

  /// Names of given properties that no Kafka client defines: misspelt, or meant for a plug-in.
  public SortedSet<String> unknown() {
    SortedSet<String> unknown = new TreeSet<>(given.keySet());
    CLIENTS.forEach(client -> unknown.removeAll(client.names()));
    return unknown;
  }

  /// All properties, given ones and defaults, with secrets masked: for logs.
  @Override
  public String toString() {
    List<String> shown = new ArrayList<>();
    all()
        .forEach(
            (name, value) ->
                shown.add(name + "=" + (Secrets.isSecret(name) ? Secrets.MASKED : value)));
    return String.join(" ", shown);
  }

  /// Replaces given secrets in a client's text, such as an exception's message, by `*****`.
  public String mask(String text) {
    return Secrets.mask(text, given);
  }
}
