package dev.nsmon.cli;

import dev.nsmon.file.InputFile;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.websocket.RefusedException;
import dev.nsmon.websocket.StreamClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// The HTTP and WebSocket client of a remote monitor. Any thread may use it.
final class Remote {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /// Maximum size of an answer: enough for about 100,000 namespaces.
  private static final long MOST_BYTES = 256L << 20;

  private static final int MOST_TOKEN = 16 << 10;

  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  private final Place.Monitor place;
  private final Optional<Path> token;
  private final Optional<Path> ca;
  private final HttpClient client;

  /// @param token file with the bearer token; empty if the monitor needs none
  /// @param ca PEM file with the certificates to trust instead of the JVM's; empty for those
  /// @throws RemoteFault if the certificates can't be read
  Remote(Place.Monitor place, Optional<Path> token, Optional<Path> ca) throws RemoteFault {
    this.place = place;
    this.token = token;
    this.ca = ca;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (ca.isPresent()) {
      builder.sslContext(trusting(ca.get()));
    }
    this.client = builder.build();
  }

  /// The address of the monitor, for messages.
  Place.Monitor place() {
    return place;
  }

  /// Sends a GET request and returns the body of the answer.
  ///
  /// @throws RemoteFault if the request fails or the status is not 200
  byte[] get(String pathAndQuery) throws RemoteFault, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(place.secure() ? "https" : "http", pathAndQuery))
            .timeout(ANSWER);
    Optional<String> secret = secret();
    secret.ifPresent(one -> request.header("Authorization", "Bearer " + one));
    try {
      HttpResponse<byte[]> response =
          client.send(
              request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
      if (response.statusCode() != 200) {
        throw refused(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
      }
      return response.body();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /// Opens a WebSocket connection.
  ///
  /// @param silence longest time without a message or ping; then the connection counts as lost
  /// @throws RemoteFault if the monitor can't be reached or rejects the request
  StreamClient connect(String pathAndQuery, Duration silence, HostClock clock)
      throws RemoteFault, InterruptedException {
    try {
      return StreamClient.connect(
          uri(place.secure() ? "wss" : "ws", pathAndQuery),
          secret(),
          client.sslContext(),
          CONNECT,
          silence,
          clock);
    } catch (RefusedException e) {
      throw refused(e.status(), e.getMessage());
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private URI uri(String scheme, String pathAndQuery) {
    return URI.create(scheme + "://" + place.server() + pathAndQuery);
  }

  /// The token, read from its file each time, since it may change.
  private Optional<String> secret() throws RemoteFault {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      String secret = InputFile.text(token.get(), MOST_TOKEN, StandardCharsets.UTF_8).strip();
      if (!TOKEN.matcher(secret).matches()) {
        throw new RemoteFault("there is no token in " + token.get(), true, null);
      }
      return Optional.of(secret);
    } catch (IOException e) {
      throw new RemoteFault("can't read the token: " + words(e), true, e);
    }
  }

  private static SSLContext trusting(Path ca) throws RemoteFault {
    try {
      return TrustFile.context(ca);
    } catch (IOException e) {
      throw new RemoteFault(e.getMessage(), true, e);
    }
  }

  private RemoteFault fault(Exception e) {
    Throwable cause = unwrapped(e);
    return cause instanceof SSLException
        ? new RemoteFault(place + ": TLS: " + tlsWords(cause), true, e)
        : new RemoteFault(place + ": " + words(cause), false, e);
  }

  private String tlsWords(Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof CertPathBuilderException) {
        return "its certificate is signed by nobody "
            + ca.map(file -> "in " + file)
                .orElse("who is trusted here; --tls-ca FILE names who is");
      }
    }
    return cause.getMessage();
  }

  /// A 5xx status may be temporary, and so may 408 and 429 (RFC 9110, RFC 6585); any other is
  /// lasting.
  private RemoteFault refused(int status, String body) {
    String line = body.lines().findFirst().orElse("").strip();
    String said = line.isEmpty() || line.startsWith("<") ? "" : ": " + line;
    return new RemoteFault(place + " answers " + status + said, isLasting(status), null);
  }

  private static boolean isLasting(int status) {
    return status < 500 && status != 408 && status != 429;
  }

  /// A short message for an exception, without the name of the monitor.
  static String words(Throwable problem) {
    Throwable cause = unwrapped(problem);
    if (cause instanceof HttpTimeoutException) {
      return "no answer";
    }
    if (cause instanceof UnknownHostException || isUnresolved(cause)) {
      return "unknown host";
    }
    if (cause instanceof ConnectException) {
      return "can't be reached";
    }
    if (cause instanceof NoSuchFileException) {
      return cause.getMessage() + ": no such file";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static boolean isUnresolved(Throwable problem) {
    for (Throwable one = problem; one != null; one = one.getCause()) {
      if (one instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable unwrapped(Throwable problem) {
    Throwable cause = problem;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
