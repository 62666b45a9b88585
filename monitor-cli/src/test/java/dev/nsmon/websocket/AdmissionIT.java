package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who was let in by what is no longer valid is ended with a reason, and who has shown nothing is
/// limited.
@Timeout(120)
class AdmissionIT {
  private static final String FIRST = "0123456789abcdef";
  private static final String SECOND = "fedcba9876543210";
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir private Path directory;

  private Path token(String secret) throws IOException {
    Path file = directory.resolve("token");
    Path next = Files.writeString(directory.resolve("token.new"), secret);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
    return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String bearer(String secret) {
    return "Authorization: Bearer " + secret;
  }

  private static RawClient follower(RawClient client, String... headers) throws IOException {
    client.send(RawClient.upgrade("localhost", headers));
    client.expect("HTTP/1.1 101");
    client.awaitText("synced");
    return client;
  }

  /// What it sends is answered as that of any client of the stream.
  private static void assertConnected(RawClient follower) throws IOException {
    follower.send((byte) 0x81, (byte) 0x81, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 'x');
    assertEquals(1008, follower.awaitClose());
  }

  private static RawClient.Frame close(RawClient follower) throws IOException {
    RawClient.Frame frame = follower.frame();
    while (frame.code() == 0) {
      frame = follower.frame();
    }
    return frame;
  }

  @Test
  void replacedTokenEndsTheStreamsThatWereLetInByIt() throws IOException {
    try (Served served = new Served.With().token(token(FIRST)).start();
        RawClient socket = follower(served.connect(), bearer(FIRST));
        RawClient events = served.connect();
        RawClient idle = served.connect()) {
      events.send(
          RawClient.request(
              "GET /events HTTP/1.1",
              "Host: localhost",
              "Accept: text/event-stream",
              bearer(FIRST)));
      events.expect("HTTP/1.1 200");
      idle.send(RawClient.request("GET /namespaces HTTP/1.1", "Host: localhost", bearer(FIRST)));
      idle.expect("HTTP/1.1 200");
      // The same secret in another file is no other token.
      token(FIRST + "\n");
      await().until(() -> served.remarks.stream().anyMatch(line -> line.endsWith("read anew")));
      token(SECOND);
      RawClient.Frame close = close(socket);
      assertEquals(4401, close.code());
      assertEquals("the token was replaced", close.payload());
      assertTrue(events.untilEnd().contains("\n: the token was replaced\n\n"));
      assertTrue(idle.untilEnd().endsWith("{}"));
      assertTrue(
          served.remarks.contains("3 connections were ended: the token was replaced"),
          served.remarks::toString);
      try (RawClient next = follower(served.connect(), bearer(SECOND))) {
        assertConnected(next);
      }
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void make(String name) {
    Ran.needs("openssl");
    Ran.of(
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
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-out",
            "" + file(name + ".crt"),
            "-keyout",
            "" + file(name + ".key"))
        .well();
    Ran.of(
            "openssl",
            "pkcs12",
            "-export",
            "-in",
            "" + file(name + ".crt"),
            "-inkey",
            "" + file(name + ".key"),
            "-out",
            "" + file(name + ".p12"),
            "-passout",
            "pass:password")
        .well();
  }

  private void replace(Path to, String content) throws IOException {
    Path next = Files.writeString(file("next"), content);
    Files.move(next, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file(name + ".crt"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /// A connection of one who shows a certificate, or none if it has no name.
  private SSLSocket connected(Served served, String server, String client)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate(server));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = client.isEmpty() ? null : Files.newInputStream(file(client + ".p12"))) {
      own.load(in, PASSWORD);
    }
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", served.port());
    socket.startHandshake();
    return socket;
  }

  private ListenSettings.Tls tls(Optional<Path> ca) {
    return new ListenSettings.Tls(file("server.crt"), file("server.key"), ca);
  }

  @Test
  void removedAuthorityEndsWhoWasLetInByIt() throws Exception {
    make("server");
    make("friend");
    make("other");
    Path ca = file("ca.pem");
    String friend = Files.readString(file("friend.crt"));
    String other = Files.readString(file("other.crt"));
    replace(ca, friend + other);
    try (Served served = new Served.With().tls(tls(Optional.of(ca))).start();
        RawClient first = follower(new RawClient(connected(served, "server", "friend")));
        RawClient second = follower(new RawClient(connected(served, "server", "other")))) {
      replace(ca, other);
      RawClient.Frame close = close(first);
      assertEquals(4401, close.code());
      assertEquals("the authority of its certificate was removed", close.payload());
      assertConnected(second);
      assertTrue(
          served.remarks.contains(
              "1 connection was ended: the authority of its certificate was removed"),
          served.remarks::toString);
    }
  }

  @Test
  void renewedCertificateOfTheServerEndsNobody() throws Exception {
    make("server");
    make("renewed");
    make("friend");
    try (Served served = new Served.With().tls(tls(Optional.of(file("friend.crt")))).start();
        RawClient before = follower(new RawClient(connected(served, "server", "friend")))) {
      replace(file("server.key"), Files.readString(file("renewed.key")));
      replace(file("server.crt"), Files.readString(file("renewed.crt")));
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () -> {
                try (SSLSocket next = connected(served, "renewed", "friend")) {
                  return next.getSession().getPeerCertificates()[0].equals(certificate("renewed"));
                }
              });
      assertConnected(before);
      assertFalse(served.remarks.toString().contains("ended"), served.remarks::toString);
    }
  }

  private static String get(int number) {
    String path = number % 2 == 0 ? "/livez" : "/namespaces";
    return RawClient.request("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  private static String many(int count) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(get(i));
    }
    return all.toString();
  }

  /// The bodies of the answers.
  private static List<String> answered(RawClient client, int count) throws IOException {
    List<String> bodies = new ArrayList<>();
    String rest = client.untilEnd();
    String[] answers = rest.split("HTTP/1.1 ", -1);
    assertEquals(count + 1, answers.length, rest);
    for (String one : List.of(answers).subList(1, answers.length)) {
      bodies.add(one.substring(0, 3) + one.substring(one.indexOf("\r\n\r\n") + 4));
    }
    return bodies;
  }

  @Test
  void requestsInAPipelineAreAnsweredInOrder() throws IOException {
    try (Served served = new Served.With().start();
        RawClient client = served.connect()) {
      client.send(
          many(500)
              + RawClient.request("GET /livez HTTP/1.1", "Host: localhost", "Connection: close"));
      List<String> bodies = answered(client, 501);
      for (int i = 0; i < bodies.size(); i++) {
        assertEquals(i % 2 == 0 ? "200alive\n" : "200{}", bodies.get(i));
      }
    }
  }

  /// One record of TLS brings more than may wait.
  @Test
  void requestsThatAreTooManyAreRefusedAfterTheAnswersToTheOthers() throws Exception {
    make("server");
    try (Served served = new Served.With().tls(tls(Optional.empty())).start();
        RawClient client = new RawClient(connected(served, "server", ""))) {
      byte[] all = many(300).getBytes(US_ASCII);
      assertTrue(all.length < 16_384);
      client.send(all);
      String said = client.untilEnd();
      String[] answers = said.split("HTTP/1.1 ", -1);
      assertTrue(answers.length > 60 && answers.length < 300, () -> said + "<" + served.remarks);
      for (int i = 1; i < answers.length - 1; i++) {
        assertTrue(answers[i].startsWith("200 "), answers[i]);
        assertTrue(answers[i].endsWith(i % 2 == 1 ? "alive\n" : "{}"), answers[i]);
      }
      assertTrue(answers[answers.length - 1].startsWith("429 "), said);
      assertTrue(said.endsWith("too many requests at once: wait for their answers\n"), said);
    }
  }

  private static ListenSettings.Pending pending(int all, int perAddress, Duration time) {
    return new ListenSettings.Pending(all, perAddress, 16 << 10, time);
  }

  @Test
  void whoHasShownNoTokenIsLimitedInNumber() throws IOException {
    ListenSettings.Pending few = pending(3, 2, Duration.ofMinutes(5));
    try (Served served = new Served.With().token(token(FIRST)).pending(few).start();
        RawClient proved = follower(served.connect(), bearer(FIRST));
        RawClient second = follower(served.connect(), bearer(FIRST));
        // What is open to all proves nothing.
        RawClient oldest = alive(served.connect());
        RawClient open = alive(served.connect());
        RawClient elsewhere = alive(new RawClient(served.address(), "127.0.0.2"))) {
      try (RawClient next = served.connect()) {
        assertAlive(next);
        assertEquals("", oldest.untilEnd(), "of the same address");
        assertAlive(open);
      }
      try (RawClient third = follower(served.connect(), bearer(FIRST))) {
        assertConnected(third);
      }
      try (RawClient next = alive(new RawClient(served.address(), "127.0.0.3"));
          RawClient other = alive(new RawClient(served.address(), "127.0.0.3"))) {
        assertEquals("", open.untilEnd(), "of all");
        assertAlive(next);
        assertAlive(other);
        assertAlive(elsewhere);
      }
      assertConnected(proved);
      assertConnected(second);
    }
  }

  private static RawClient alive(RawClient client) throws IOException {
    assertAlive(client);
    return client;
  }

  private static void assertAlive(RawClient client) throws IOException {
    client.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost"));
    client.expect("HTTP/1.1 200");
    assertEquals("alive\n", client.text(6));
  }

  /// A crowd of one address that only holds connections.
  @Test
  void aCrowdWithoutATokenKeepsNobodyOut() throws IOException {
    List<RawClient> crowd = new ArrayList<>();
    try (Served served = new Served.With().token(token(FIRST)).start()) {
      for (int i = 0; i < 1_000; i++) {
        crowd.add(served.connect());
      }
      try (RawClient good = follower(served.connect(), bearer(FIRST))) {
        assertConnected(good);
      }
    } finally {
      for (RawClient one : crowd) {
        one.close();
      }
    }
  }

  @Test
  void whoHasShownNoTokenIsLimitedInTime() throws IOException {
    ListenSettings.Pending brief = pending(9, 9, Duration.ofSeconds(1));
    try (Served served = new Served.With().token(token(FIRST)).pending(brief).start();
        RawClient silent = served.connect();
        RawClient proved = follower(served.connect(), bearer(FIRST))) {
      assertEquals("", silent.untilEnd());
      assertConnected(proved);
    }
  }

  @Test
  void whoHasShownNoTokenIsLimitedInBytes() throws IOException {
    ListenSettings.Pending few = pending(9, 9, Duration.ofMinutes(5));
    String padding = "X-Padding: " + "x".repeat(1000);
    String request = RawClient.request("GET /livez HTTP/1.1", "Host: localhost", padding);
    try (Served served = new Served.With().token(token(FIRST)).pending(few).start();
        RawClient stranger = served.connect();
        RawClient proved = served.connect()) {
      int most = (16 << 10) / request.length();
      for (int i = 0; i < most; i++) {
        stranger.send(request);
        stranger.expect("HTTP/1.1 200");
        assertEquals("alive\n", stranger.text(6));
      }
      stranger.send(request);
      assertEquals("", stranger.untilEnd());
      String shown =
          RawClient.request("GET /livez HTTP/1.1", "Host: localhost", padding, bearer(FIRST));
      for (int i = 0; i < 3 * most; i++) {
        proved.send(shown);
        proved.expect("HTTP/1.1 200");
        assertEquals("alive\n", proved.text(6));
      }
    }
  }
}
