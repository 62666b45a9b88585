package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.testing.Output;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that demands TLS and a login.
final class SecureBrokerIT {
  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";
  private static final String SCRAM_MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required ";
  private static final String PASSWORD = "right-password";
  private static final String WRONG = "wrong-password";

  @TempDir private static Path directory;

  private static Broker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    keytool(
        "-genkeypair",
        "-keystore",
        "broker.p12",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1");
    keytool("-exportcert", "-keystore", "broker.p12", "-file", "broker.crt");
    keytool("-importcert", "-noprompt", "-keystore", "trust.p12", "-file", "broker.crt");
    keytool("-genkeypair", "-keystore", "stranger.p12", "-dname", "CN=stranger");
    keytool("-exportcert", "-keystore", "stranger.p12", "-file", "stranger.crt");
    keytool("-importcert", "-noprompt", "-keystore", "wrong.p12", "-file", "stranger.crt");
    String prefix = "listener.name.secure.";
    Map<String, String> extra = new HashMap<>();
    extra.put(prefix + "ssl.keystore.location", directory.resolve("broker.p12").toString());
    extra.put(prefix + "ssl.keystore.password", PASSWORD);
    extra.put(prefix + "ssl.keystore.type", "PKCS12");
    extra.put(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    extra.put(prefix + "plain.sasl.jaas.config", MODULE + "user_nsmon=\"" + PASSWORD + "\";");
    extra.put(prefix + "scram-sha-512.sasl.jaas.config", SCRAM_MODULE + ";");
    broker = Broker.start(extra, "SASL_SSL");
    ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    broker.administer(
        admin ->
            admin
                .alterUserScramCredentials(
                    List.of(new UserScramCredentialUpsertion("nsmon", scram, PASSWORD)))
                .all()
                .get(30, TimeUnit.SECONDS));
  }

  private static void keytool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD, "-alias", "a", "-storetype", "PKCS12"));
    if (command.contains("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC", "-validity", "2"));
    }
    Ran.of(new ProcessBuilder(command).directory(directory.toFile()), Output.PATIENCE).well();
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  private static KafkaProperties properties(String protocol, String trust, String password)
      throws IOException, BadPropertiesException {
    return properties(protocol, trust, "PLAIN", MODULE, password);
  }

  private static KafkaProperties scram(String password) throws IOException, BadPropertiesException {
    return properties("SASL_SSL", "trust.p12", "SCRAM-SHA-512", SCRAM_MODULE, password);
  }

  private static KafkaProperties properties(
      String protocol, String trust, String mechanism, String module, String password)
      throws IOException, BadPropertiesException {
    Path file = Files.createTempFile(directory, "client", ".properties");
    Files.writeString(
        file,
        String.join(
            "\n",
            "security.protocol=" + protocol,
            "ssl.truststore.location=" + directory.resolve(trust),
            "ssl.truststore.password=" + PASSWORD,
            "sasl.mechanism=" + mechanism,
            "sasl.jaas.config=" + module + "username=\"nsmon\" password=\"" + password + "\";"));
    return KafkaProperties.of(
        broker.secureAddress(),
        "nsmon-test",
        Optional.of(file),
        List.of("max.block.ms=2000"),
        Map.of());
  }

  private static Publishing publishing(String topic, KafkaProperties properties) {
    return new Publishing(
        remarks ->
            KafkaSink.atLeastOnce(
                properties,
                topic,
                Events.HOST,
                Events.STREAM,
                Events.json(),
                remarks,
                HostClock.SYSTEM));
  }

  @Test
  void loggedInAndTrustedAllArrives() throws Exception {
    broker.createTopic("safe", 1, Map.of());
    try (Publishing publishing = publishing("safe", properties("SASL_SSL", "trust.p12", PASSWORD));
        Reader reader = new Reader(broker, "safe")) {
      publishing.append(Events.some(1_000));
      publishing.drain();
      reader.upTo(1_000);
      assertEquals(Publishing.upTo(1_000), reader.seqs());
      assertEquals(List.of(), publishing.remarks);
    }
  }

  @Test
  void loggedInByScramAllArrives() throws Exception {
    broker.createTopic("scram", 1, Map.of());
    try (Publishing publishing = publishing("scram", scram(PASSWORD));
        Reader reader = new Reader(broker, "scram")) {
      publishing.append(Events.some(1_000));
      publishing.drain();
      reader.upTo(1_000);
      assertEquals(Publishing.upTo(1_000), reader.seqs());
      assertEquals(List.of(), publishing.remarks);
    }
  }

  @Test
  void wrongPasswordForScramIsSaidInWords() throws Exception {
    String remark = firstRemark(scram(WRONG));
    assertTrue(remark.startsWith("Kafka topic safe: login refused: "), remark);
    assertTrue(remark.contains("invalid credentials with SASL mechanism SCRAM-SHA-512"), remark);
  }

  @Test
  void wrongPasswordIsSaidInWords() throws Exception {
    assertEquals(
        "Kafka topic safe: login refused: Authentication failed: Invalid username or password;"
            + " trying on",
        firstRemark(properties("SASL_SSL", "trust.p12", WRONG)));
  }

  @Test
  void certificateOfAnUnknownIssuerIsSaidInWords() throws Exception {
    String remark = firstRemark(properties("SASL_SSL", "wrong.p12", PASSWORD));
    assertTrue(remark.startsWith("Kafka topic safe: TLS refused: "), remark);
    assertTrue(remark.contains("unable to find valid certification path"), remark);
  }

  @Test
  void trustStoreThatIsNotThereIsSaidInWords() throws Exception {
    String remark = firstRemark(properties("SASL_SSL", "none.p12", PASSWORD));
    assertTrue(remark.contains("none.p12"), remark);
  }

  @Test
  void speakingPlainlyToATlsPortIsSaidInWords() throws Exception {
    assertEquals(
        "Kafka topic safe: %s takes connections but does not answer as a broker would; trying on"
            .formatted(broker.secureAddress()),
        firstRemark(properties("PLAINTEXT", "trust.p12", PASSWORD)));
  }

  private static String firstRemark(KafkaProperties properties) {
    try (Publishing publishing = publishing("safe", properties)) {
      publishing.append(Events.some(1));
      publishing.awaitRemarks(1);
      String remark = publishing.remarks.getFirst();
      assertFalse(remark.contains(PASSWORD) || remark.contains(WRONG), remark);
      assertFalse(remark.contains("\n"), remark);
      return remark;
    }
  }
}
