package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// TLS from PEM files (RFC 7468): the certificate with those that vouch for it, the key in PKCS #8,
/// and perhaps who signs the certificates of clients. New connections get what the files hold now.
final class ServerTls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private final Reloaded<SslContext> context;

  /// @throws IOException with one line, if the files are no good
  ServerTls(ListenSettings.Tls files, Consumer<String> remarks, HostClock clock)
      throws IOException {
    List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
    files.clientCa().ifPresent(all::add);
    context =
        new Reloaded<>(
            "certificate " + files.certificate(), all, () -> read(files), remarks, clock);
  }

  SslContext current() {
    return context.current();
  }

  private static SslContext read(ListenSettings.Tls files) throws IOException {
    X509Certificate[] chain = certificates(files.certificate());
    PrivateKey key = key(files.key(), chain[0]);
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, chain)
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
    if (files.clientCa().isPresent()) {
      builder.trustManager(certificates(files.clientCa().get())).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  private static X509Certificate[] certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new IOException(file + " has no certificate in it");
      }
      return all.toArray(X509Certificate[]::new);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is not a certificate in PEM", e);
    }
  }

  private static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      Matcher pem = KEY.matcher(Files.readString(file));
      if (!pem.find()) {
        throw new IOException(
            file + " has no unencrypted key in PKCS #8 (BEGIN PRIVATE KEY) in it");
      }
      byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
      PrivateKey key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      if (!areOnePair(key, certificate)) {
        throw new IOException(file + " is not the key of that certificate");
      }
      return key;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " is not the key of that certificate, of " + algorithm, e);
    }
  }

  /// Nothing else asks before the first client fails. Files that are replaced one after the other
  /// do not fit for a moment.
  private static boolean areOnePair(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    return signature.verify(signed);
  }
}
