package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.nsmon.file.InputFile;
import dev.nsmon.namespace.HostClock;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// TLS settings from PEM files (RFC 7468): the certificate chain, its key in PKCS #8, and possibly
/// the authorities of client certificates. New connections use the present content of the files.
final class ServerTls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /// Maximum size of a file. All authorities of the Web's PKI together are some 250 KB.
  private static final int MOST_BYTES = 1 << 20;

  private final Reloaded<Material> material;

  /// Content of the files.
  ///
  /// @param trust authorities of client certificates; empty if clients need none
  record Material(SslContext context, Optional<ClientTrust> trust) {}

  /// @throws IOException with one line, if a file is invalid
  ServerTls(ListenSettings.Tls files, Consumer<String> remarks, HostClock clock)
      throws IOException {
    List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
    files.clientCa().ifPresent(all::add);
    material =
        new Reloaded<>(
            "certificate " + files.certificate(), all, () -> read(files), remarks, clock);
  }

  Material current() {
    return material.current();
  }

  private static Material read(ListenSettings.Tls files) throws IOException {
    X509Certificate[] chain = certificates(files.certificate());
    PrivateKey key = key(files.key(), chain[0]);
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, chain)
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
    Optional<ClientTrust> trust = Optional.empty();
    if (files.clientCa().isPresent()) {
      trust = Optional.of(new ClientTrust(certificates(files.clientCa().get())));
      builder.trustManager(trust.get().manager()).clientAuth(ClientAuth.REQUIRE);
    }
    return new Material(builder.build(), trust);
  }

  private static X509Certificate[] certificates(Path file) throws IOException {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)));
      if (all.isEmpty()) {
        throw new IOException(file + " has no certificate in it");
      }
      return all.toArray(X509Certificate[]::new);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is not a certificate in PEM", e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return InputFile.read(file, MOST_BYTES).bytes();
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by this user", e);
    }
  }

  /// Reads the files as a start does. For each invalid file, what is wrong with it, in one line.
  static Map<ListenFile, String> faults(ListenSettings.Tls files) {
    Map<ListenFile, String> faults = new EnumMap<>(ListenFile.class);
    try {
      X509Certificate[] chain = certificates(files.certificate());
      try {
        PrivateKey _ = key(files.key(), chain[0]);
      } catch (IOException e) {
        faults.put(ListenFile.KEY, e.getMessage());
      }
    } catch (IOException e) {
      faults.put(ListenFile.CERTIFICATE, e.getMessage());
      try {
        byte[] _ = bytes(files.key());
      } catch (IOException unreadable) {
        faults.put(ListenFile.KEY, unreadable.getMessage());
      }
    }
    if (files.clientCa().isPresent()) {
      try {
        X509Certificate[] _ = certificates(files.clientCa().get());
      } catch (IOException e) {
        faults.put(ListenFile.CLIENT_CA, e.getMessage());
      }
    }
    return faults;
  }

  private static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      Matcher pem = KEY.matcher(new String(bytes(file), ISO_8859_1));
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
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " is not the key of that certificate, of " + algorithm, e);
    }
  }

  /// Whether the key belongs to the certificate. Otherwise only the first handshake would show that
  /// it does not. Files that are replaced one after the other may not match for a moment.
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
