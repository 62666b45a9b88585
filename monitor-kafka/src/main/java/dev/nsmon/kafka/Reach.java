package dev.nsmon.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/// Diagnoses why no broker answers. Kafka clients only report a timeout.
final class Reach {
  private static final int PATIENCE_MILLIS = 1000;

  private Reach() {}

  /// A message for people that names the obstacle. Blocks for some seconds.
  static String words(String topic, KafkaProperties properties) {
    List<String> all = new ArrayList<>();
    for (String server : properties.servers().split(",", -1)) {
      Optional<String> obstacle = obstacle(server.strip());
      if (obstacle.isEmpty()) {
        return answer(server.strip(), topic, properties);
      }
      all.add(obstacle.get());
    }
    return String.join(", ", all);
  }

  /// Why a TCP connection to this server fails; empty if it succeeds.
  private static Optional<String> obstacle(String server) {
    int colon = server.lastIndexOf(':');
    String host = colon < 0 ? server : server.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(server, colon + 1, server.length(), 10);
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), PATIENCE_MILLIS);
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("the host name " + host + " is unknown");
    } catch (SocketTimeoutException e) {
      return Optional.of(server + " can't be reached: no answer");
    } catch (IOException e) {
      return Optional.of(server + " can't be reached: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return Optional.of(server + " is no HOST:PORT");
    }
  }

  /// Asks a reachable server for the topic and returns a message about the result.
  private static String answer(String server, String topic, KafkaProperties properties) {
    Map<String, Object> settings = properties.admin();
    settings.put("request.timeout.ms", "2000");
    settings.put("default.api.timeout.ms", "2000");
    try (Admin admin = Admin.create(settings)) {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return server + " answers, but has acknowledged nothing for a while";
    } catch (ExecutionException e) {
      return e.getCause() instanceof TimeoutException
          ? server + " takes connections but does not answer as a broker would"
          : Trouble.words(e.getCause(), topic, properties);
    } catch (KafkaException e) {
      return Trouble.words(e, topic, properties);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
