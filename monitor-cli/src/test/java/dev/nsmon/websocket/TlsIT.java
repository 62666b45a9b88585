package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS at the door, with certificates made by openssl and curl as the client.
class TlsIT {
  private static final String RSA = "rsa:2048";
  private static final String EC = "ec";

  @TempDir private Path directory;

  private Path file(String name) {
    return directory.resolve(name);
  }

  /// Makes a certificate of this name, signed by itself, and its key beside it.
  private void make(String name, String algorithm) throws IOException {
    String[] key =
        algorithm.equals(EC)
            ? new String[] {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"}
            : new String[] {"-newkey", algorithm};
    String[] command = {
      "openssl",
      "req",
      "-x509",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=" + name,
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-out",
      "" + file(name + ".crt"),
      "-keyout",
      "" + file(name + ".key")
    };
    String[] all = Arrays.copyOf(command, command.length + key.length);
    System.arraycopy(key, 0, all, command.length, key.length);
    Ran.needs("openssl");
    Ran.needs("curl");
    Ran.of(all).well();
  }

  private ListenSettings.Tls tls(String name, Optional<String> clientCa) {
    return new ListenSettings.Tls(
        file(name + ".crt"), file(name + ".key"), clientCa.map(ca -> file(ca + ".crt")));
  }

  private Served serve(Optional<String> clientCa) throws IOException {
    return new Served.With().tls(tls("server", clientCa)).times(Served.QUICK).start();
  }

  /// What curl says that trusts the certificate of this name, and perhaps shows one.
  private Ran curl(Served served, String trusted, String... options) throws IOException {
    String[] command = {
      "curl",
      "-sS",
      "-m",
      "10",
      "--cacert",
      "" + file(trusted + ".crt"),
      "https://127.0.0.1:" + served.port() + "/livez"
    };
    String[] all = Arrays.copyOf(command, command.length + options.length);
    System.arraycopy(options, 0, all, command.length, options.length);
    return Ran.of(all);
  }

  private String[] showing(String name) {
    return new String[] {"--cert", "" + file(name + ".crt"), "--key", "" + file(name + ".key")};
  }

  @ParameterizedTest
  @ValueSource(strings = {RSA, EC})
  void isSpokenInTheVersionsThatAreSafe(String algorithm) throws IOException {
    make("server", algorithm);
    try (Served served = serve(Optional.empty())) {
      assertTrue(
          served.remarks.getFirst().startsWith("listening on https://127.0.0.1:"),
          served.remarks::toString);
      assertEquals("alive\n", curl(served, "server").said());
      assertEquals("alive\n", curl(served, "server", "--tls-max", "1.2").said());
      assertEquals(
          "alive\n",
          curl(served, "server", "-H", "Origin: https://127.0.0.1:" + served.port()).said());
      String events =
          curl(served, "server", "-N", "-m", "2", "-H", "Accept: text/event-stream").said();
      assertTrue(events.startsWith("alive"), events);
      assertFalse(
          Ran.of(
                  "openssl",
                  "s_client",
                  "-tls1_1",
                  "-cipher",
                  "ALL:@SECLEVEL=0",
                  "-connect",
                  "127.0.0.1:" + served.port())
              .said()
              .contains("Cipher is ECDHE"));
    }
  }

  @Test
  void newFilesAreForNewConnectionsAndBadOnesForNobody() throws IOException {
    make("server", RSA);
    make("next", EC);
    make("other", RSA);
    try (Served served = serve(Optional.empty())) {
      assertEquals("alive\n", curl(served, "server").said());
      // The certificate alone: it does not fit the key yet.
      replace("next.crt", "server.crt.new", "server.crt");
      await().until(() -> curl(served, "other").code() != 0 && served.remarks.size() == 2);
      assertTrue(
          served.remarks.get(1).contains("stays in use: " + file("server.key") + " is not the key"),
          served.remarks::toString);
      replace("next.key", "server.key.new", "server.key");
      await().until(() -> curl(served, "next").said().equals("alive\n"));
      assertEquals(3, served.remarks.size(), served.remarks::toString);
      assertTrue(served.remarks.get(2).endsWith("read anew"), served.remarks::toString);
    }
  }

  private void replace(String from, String by, String to) throws IOException {
    Files.copy(file(from), file(by));
    Files.move(file(by), file(to), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void clientMustShowACertificateWhereThatIsDemanded() throws IOException {
    make("server", RSA);
    make("friend", EC);
    make("stranger", EC);
    try (Served served = serve(Optional.of("friend"))) {
      assertEquals("alive\n", curl(served, "server", showing("friend")).said());
      for (String version : new String[] {"1.2", "1.3"}) {
        assertTrue(curl(served, "server", "--tls-max", version).code() != 0, version);
        String[] shown = Arrays.copyOf(showing("stranger"), 6);
        shown[4] = "--tls-max";
        shown[5] = version;
        Ran refused = curl(served, "server", shown);
        assertTrue(refused.code() != 0, refused::said);
        assertFalse(refused.said().contains("alive"), refused::said);
      }
      assertEquals("alive\n", curl(served, "server", showing("friend")).said());
    }
  }

  @Test
  void whoSpeaksSomethingElseIsHungUpOn() throws IOException {
    make("server", EC);
    try (Served served = serve(Optional.empty())) {
      try (RawClient plain = served.connect()) {
        plain.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost"));
        assertFalse(plain.untilEnd().contains("HTTP"));
      }
      assertEquals("alive\n", curl(served, "server").said());
    }
    try (Served served = new Served.With().start()) {
      assertTrue(curl(served, "server").code() != 0);
      assertEquals("alive\n", Ran.of("curl", "-s", served.url("/livez")).said());
    }
  }

  @Test
  @Tag("full")
  void handshakeThatStallsIsHungUpOn() throws IOException {
    make("server", EC);
    try (Served served = serve(Optional.empty());
        RawClient silent = served.connect();
        RawClient stalled = served.connect()) {
      stalled.send((byte) 0x16, (byte) 3, (byte) 1, (byte) 1, (byte) 0, (byte) 1);
      assertEquals("alive\n", curl(served, "server").said());
      assertEquals("", silent.untilEnd());
      assertEquals("", stalled.untilEnd());
    }
  }

  @Test
  void fileThatIsNoGoodIsSaidBeforeAnythingListens() throws IOException {
    make("server", RSA);
    for (String algorithm : new String[] {RSA, EC}) {
      make("other", algorithm);
      Files.copy(file("other.key"), file("server.key"), StandardCopyOption.REPLACE_EXISTING);
      assertFault("server.key is not the key of that certificate");
    }
    Files.writeString(file("server.key"), "-----BEGIN RSA PRIVATE KEY-----\n");
    assertFault("server.key has no unencrypted key in PKCS #8 (BEGIN PRIVATE KEY) in it");
    Files.writeString(file("server.crt"), "nothing");
    assertFault("server.crt is not a certificate in PEM");
    Files.writeString(file("server.crt"), "");
    assertFault("server.crt has no certificate in it");
    Files.delete(file("server.crt"));
    assertFault("server.crt does not exist");
  }

  private void assertFault(String words) {
    IOException e = assertThrows(IOException.class, () -> serve(Optional.empty()));
    assertTrue(e.getMessage().startsWith(directory + "/" + words), e::getMessage);
  }
}
