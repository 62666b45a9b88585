package dev.nsmon.kafka;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/// Messages for exceptions of Kafka clients: one line that says what happened and, where known,
/// what to do.
final class Trouble {
  private static final Pattern TOPIC = Pattern.compile("[Tt]opic ([a-zA-Z0-9._-]+) not present");

  private Trouble() {}

  /// The message for an exception, without secrets. Blocks for some seconds where it must probe the
  /// brokers, see [Reach].
  static String words(Throwable thrown, String topic, KafkaProperties properties) {
    return properties.mask(unmasked(thrown, topic, properties)).replaceAll("\\s*\\R\\s*", " ");
  }

  private static String unmasked(Throwable thrown, String topic, KafkaProperties properties) {
    if (isMissingTopic(thrown)) {
      return "there is no topic "
          + topicOf(thrown, topic)
          + " (nsmon kafka create-topics makes it)";
    }
    Optional<SaslAuthenticationException> login = find(thrown, SaslAuthenticationException.class);
    if (login.isPresent()) {
      return "login refused: " + login.get().getMessage();
    }
    Optional<? extends Throwable> tls =
        find(thrown, SSLException.class).isPresent()
            ? find(thrown, SSLException.class)
            : find(thrown, SslAuthenticationException.class);
    if (tls.isPresent()) {
      return "TLS refused: " + root(tls.get()).getMessage();
    }
    Optional<AuthorizationException> denied = find(thrown, AuthorizationException.class);
    if (denied.isPresent()) {
      return "not authorized: " + denied.get().getMessage();
    }
    if (isFenced(thrown)) {
      return "another monitor publishes exactly once for this host id, and only one can";
    }
    Optional<UnsupportedVersionException> old = find(thrown, UnsupportedVersionException.class);
    if (old.isPresent()) {
      return "the broker is too old: " + old.get().getMessage();
    }
    boolean unresolved = String.valueOf(root(thrown).getMessage()).contains("bootstrap url");
    if (unresolved || find(thrown, TimeoutException.class).isPresent()) {
      return Reach.words(topic, properties);
    }
    Throwable root = root(thrown);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /// Whether the topic does not exist.
  static boolean isMissingTopic(Throwable thrown) {
    return find(thrown, UnknownTopicOrPartitionException.class).isPresent()
        || find(thrown, UnknownTopicIdException.class).isPresent();
  }

  private static String topicOf(Throwable thrown, String otherwise) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher matcher = TOPIC.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    return otherwise;
  }

  /// Whether the broker, or the client before sending, rejected a record because of its size.
  static boolean isTooLarge(Throwable thrown) {
    return find(thrown, RecordTooLargeException.class).isPresent();
  }

  /// Whether another producer with the same transactional id has taken over.
  static boolean isFenced(Throwable thrown) {
    return find(thrown, ProducerFencedException.class).isPresent()
        || find(thrown, InvalidProducerEpochException.class).isPresent();
  }

  private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
