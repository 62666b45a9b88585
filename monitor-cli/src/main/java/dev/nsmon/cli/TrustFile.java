package dev.nsmon.cli;

import dev.nsmon.file.InputFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Reads a PEM file of CA certificates to trust.
final class TrustFile {
  private static final int MOST_BYTES = 1 << 20;

  private TrustFile() {}

  /// A TLS context that trusts only these certificates.
  ///
  /// @throws IOException with a message of one line, if the file can't be read or has no
  ///   certificate
  static SSLContext context(Path file) throws IOException {
    try {
      InputStream in = new ByteArrayInputStream(InputFile.read(file, MOST_BYTES).bytes());
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + store.size(), one);
      }
      if (store.size() == 0) {
        throw new GeneralSecurityException("it is empty");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new IOException("can't read certificates: " + Remote.words(e), e);
    } catch (GeneralSecurityException e) {
      throw new IOException("there is no certificate in " + file + ": " + e.getMessage(), e);
    }
  }
}
