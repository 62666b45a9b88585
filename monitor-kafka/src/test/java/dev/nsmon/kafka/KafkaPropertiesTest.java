package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where properties come from, which are refused, and that no secret is shown.
final class KafkaPropertiesTest {
  private static final String CANARY = "hunter2-canary";

  @TempDir private Path directory;

  private static KafkaProperties given(
      Optional<Path> file, List<String> commandLine, Map<String, String> environment)
      throws BadPropertiesException {
    return KafkaProperties.of("h:1", "nsmon-web-1", file, commandLine, environment);
  }

  private static KafkaProperties given(String... commandLine) throws BadPropertiesException {
    return given(Optional.empty(), List.of(commandLine), Map.of());
  }

  private Optional<Path> file(String text) throws IOException {
    return Optional.of(Files.writeString(directory.resolve("client.properties"), text));
  }

  @Test
  void commandLineIsBeforeEnvironmentIsBeforeFileIsBeforeOurs() throws Exception {
    Map<String, String> environment =
        Map.of(
            "NSMON_KAFKA_CLIENT_ID", "env",
            "NSMON_KAFKA_LINGER_MS", "1",
            "NSMON_KAFKA_BATCH_SIZE", "2",
            "NSMON_KAFKA_RETRIES", "",
            "NSMON_KAFKA_COMPRESSION_TYPE", "",
            "HOME", "/");
    KafkaProperties properties =
        given(
            file("linger.ms=3\nbatch.size = 4\nretries = 6\n"),
            List.of("batch.size=5"),
            environment);
    Map<String, Object> producer = properties.producer();
    assertEquals("env", producer.get("client.id"));
    assertEquals("1", producer.get("linger.ms"));
    assertEquals("6", producer.get("retries"));
    assertEquals("5", producer.get("batch.size"));
    assertEquals("zstd", producer.get("compression.type"));
    assertEquals("h:1", producer.get("bootstrap.servers"));
    assertEquals("nsmon-web-1", given().producer().get("client.id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.key.password",
        "ssl.keystore.key",
        "sasl.jaas.config",
        "sasl.oauthbearer.client.credentials.client.secret",
        "my.login.password",
        "x.token",
        "my.private.key"
      })
  void secretOnTheCommandLineIsRefusedAndNotRepeated(String name) {
    BadPropertiesException e =
        assertThrows(BadPropertiesException.class, () -> given(name + "=" + CANARY));
    assertTrue(e.getMessage().startsWith(name + " is a secret"), e.getMessage());
    assertTrue(e.getMessage().contains("--kafka-config"), e.getMessage());
    assertFalse(e.getMessage().contains(CANARY), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.truststore.location=/x",
        "sasl.oauthbearer.token.endpoint.url=https://x",
        "sasl.mechanism=PLAIN"
      })
  void whatOnlySoundsLikeASecretIsTaken(String option) throws Exception {
    assertEquals(Set.of(), given(option).unknown());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acks=most | Invalid value most for configuration acks",
        "linger.ms=soon | Invalid value soon for configuration linger.ms",
        "acks=1 | Must set acks to all",
        "delivery.timeout.ms=1 | delivery.timeout.ms",
        "compression.type=zip | compression.type",
        "security.protocol=FTP | security.protocol",
      })
  void badValueIsNamed(String option, String words) {
    BadPropertiesException e =
        assertThrows(BadPropertiesException.class, () -> given(option, "request.timeout.ms=5000"));
    assertTrue(e.getMessage().startsWith("Kafka properties: "), e.getMessage());
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, 5_000, 300_000})
  void deliveryTimeoutMayBeAnything(long millis) throws Exception {
    assertEquals(
        Long.toString(millis),
        given("delivery.timeout.ms=" + millis).producer().get("delivery.timeout.ms"));
  }

  @Test
  void unknownNamesAreTold() throws Exception {
    assertEquals(Set.of("lingerms", "x.y"), given("x.y=1", "lingerms=3").unknown());
  }

  @Test
  void optionWithoutValueIsRefusedAndNotRepeated() {
    BadPropertiesException e =
        assertThrows(BadPropertiesException.class, () -> given("password:" + CANARY));
    assertEquals("a Kafka property must be NAME=VALUE", e.getMessage());
  }

  @Test
  void fileThatCantBeReadIsNamed() throws Exception {
    Optional<Path> none = Optional.of(directory.resolve("none"));
    BadPropertiesException e =
        assertThrows(BadPropertiesException.class, () -> given(none, List.of(), Map.of()));
    assertEquals("Kafka properties: there is no file " + none.get(), e.getMessage());
    BadPropertiesException unicode =
        assertThrows(
            BadPropertiesException.class, () -> given(file("a=\\u12"), List.of(), Map.of()));
    assertTrue(unicode.getMessage().contains("can't read"), unicode.getMessage());
    assertThrows(
        BadPropertiesException.class, () -> given(Optional.of(directory), List.of(), Map.of()));
  }

  @Test
  void secretsAreShownNowhere() throws Exception {
    String jaas =
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"nsmon\""
            + " password=\""
            + CANARY
            + "\";";
    KafkaProperties properties =
        given(
            file("sasl.jaas.config=" + jaas + "\nother.password=" + CANARY + "2\n"),
            List.of("sasl.mechanism=PLAIN"),
            Map.of("NSMON_KAFKA_SSL_KEY_PASSWORD", CANARY + "3"));
    assertFalse(properties.toString().contains(CANARY), properties.toString());
    assertTrue(properties.toString().contains("sasl.mechanism=PLAIN"), properties.toString());
    assertEquals("refused: *****", properties.mask("refused: " + CANARY));
    assertFalse(properties.mask(jaas).contains(CANARY));
    assertEquals(jaas, properties.producer().get("sasl.jaas.config"));
  }
}
