package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.kafka.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The image has its native libraries beside the jars, and all of them work where nothing can be
/// unpacked; so does what else a Kafka client loads late: TLS, and the login by SCRAM.
final class NativeLibrariesIT {
  private static final Path LIB = Nsmon.image().resolve("lib");
  private static final String PASSWORD = "a-password";

  @TempDir private static Path directory;

  private static Broker broker;
  private static Path client;

  @BeforeAll
  static void startBroker() throws Exception {
    String store = directory.resolve("broker.p12").toString();
    String keytool = System.getProperty("java.home") + "/bin/keytool";
    String common = " -storetype PKCS12 -alias a -storepass " + PASSWORD + " -keystore " + store;
    Path certificate = directory.resolve("broker.pem");
    Nsmon.shell(
            keytool
                + " -genkeypair -keyalg EC -validity 2 -dname CN=127.0.0.1 -ext san=ip:127.0.0.1"
                + common
                + " && "
                + keytool
                + " -exportcert -rfc -file "
                + certificate
                + common)
        .endedWith(0);
    String prefix = "listener.name.secure.";
    String module = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    broker =
        Broker.start(
            Map.of(
                prefix + "ssl.keystore.location",
                store,
                prefix + "ssl.keystore.password",
                PASSWORD,
                prefix + "ssl.keystore.type",
                "PKCS12",
                prefix + "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                prefix + "scram-sha-512.sasl.jaas.config",
                module + ";"),
            "SASL_SSL");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
      ScramCredentialInfo how = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion("nsmon", how, PASSWORD)))
          .all()
          .get();
    }
    client =
        Files.writeString(
            directory.resolve("client.properties"),
            String.join(
                "\n",
                "security.protocol=SASL_SSL",
                "ssl.truststore.type=PEM",
                "ssl.truststore.location=" + certificate,
                "sasl.mechanism=SCRAM-SHA-512",
                "sasl.jaas.config="
                    + module
                    + " username=\"nsmon\" password=\""
                    + PASSWORD
                    + "\";"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "lz4", "snappy"})
  @Tag("full")
  void publishesCompressedWhereNothingCanBeUnpacked(String compression) {
    String topic = "events-" + compression;
    broker.createTopic(topic, 1, Map.of());
    broker.createTopic("state-" + compression, 1, Map.of("cleanup.policy", "compact"));
    ProcessBuilder serve =
        Nsmon.nsmon(
            "serve",
            "--source",
            "poll",
            "--journal",
            directory.resolve(compression + ".db").toString(),
            "--kafka",
            broker.secureAddress(),
            "--kafka-config",
            client.toString(),
            "--kafka-topic",
            topic,
            "--kafka-state-topic",
            "state-" + compression,
            "-K",
            "compression.type=" + compression);
    serve.environment().put("NSMON_JVM_OPTIONS", "-Djava.io.tmpdir=/proc/none");
    try (Child child = Child.start(serve);
        Published published = new Published(broker.address(), topic)) {
      Child.eventually()
          .until(() -> published.values().stream().anyMatch(one -> one.contains("\"synced\"")));
      child.signal("TERM");
      child.result().endedWith(143);
      // On a busy machine the broker may be slow to answer, which is said and no failure of these.
      assertEquals(
          List.of(),
          child
              .err()
              .lines()
              .filter(line -> line.matches(".*(Kafka|journal).*"))
              .filter(line -> !line.matches(".*(does not answer as a broker would|works again).*"))
              .toList());
    }
  }

  @Test
  void noJarHasOneAndAllAreForThisMachine() throws IOException {
    byte[] machine = machine(Nsmon.image().resolve("runtime/lib/libjava.so"));
    try (Stream<Path> files = Files.list(LIB)) {
      List<Path> libraries = files.filter(file -> file.toString().endsWith(".so")).toList();
      assertEquals(5, libraries.size(), libraries::toString);
      for (Path library : libraries) {
        assertArrayEquals(machine, machine(library), library::toString);
      }
    }
    try (Stream<Path> files = Files.list(LIB)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        try (JarFile jar = new JarFile(file.toFile())) {
          assertTrue(
              jar.stream().noneMatch(one -> one.getName().matches(".*\\.(so|dll|dylib|jnilib)")),
              file::toString);
        }
      }
    }
  }

  /// `e_machine` of an ELF file, see `elf(5)`.
  private static byte[] machine(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new byte[] {bytes[18], bytes[19]};
  }
}
