package dev.nsmon.websocket;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Certificate authorities that client certificates are checked against. Equal to another with the
/// same authorities in the same order.
final class ClientTrust {
  private final List<X509Certificate> authorities;
  private final X509TrustManager manager;

  /// @throws IOException if the JDK can't make a trust manager of these authorities
  ClientTrust(X509Certificate[] authorities) throws IOException {
    this.authorities = List.of(authorities);
    this.manager = manager(authorities);
  }

  private static X509TrustManager manager(X509Certificate[] authorities) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate one : authorities) {
        store.setCertificateEntry("ca-" + store.size(), one);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager one : factory.getTrustManagers()) {
        if (one instanceof X509TrustManager found) {
          return found;
        }
      }
      throw new IOException("this JDK can't check certificates");
    } catch (GeneralSecurityException e) {
      throw new IOException("no authorities: " + e.getMessage(), e);
    }
  }

  /// Trust manager for the TLS handshake.
  TrustManager manager() {
    return manager;
  }

  /// Whether a client with this certificate chain would still be admitted.
  ///
  /// @param chain the client's own certificate first
  boolean trusts(X509Certificate[] chain) {
    try {
      manager.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientTrust trust && authorities.equals(trust.authorities);
  }

  @Override
  public int hashCode() {
    return authorities.hashCode();
  }
}
