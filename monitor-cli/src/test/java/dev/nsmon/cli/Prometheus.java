package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.nsmon.testing.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/// A real Prometheus, which asks those monitors for their metrics once a second that it is told of,
/// and judges its rules as often. Monitors differ by their label `instance`.
///
/// Not for use by two threads at once.
final class Prometheus implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Labels of a target may name another job than its own, and another time.
  private static final String CONFIGURATION =
      """
      global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
      rule_files: [rules.yaml]
      scrape_configs:
        - job_name: nsmon
          file_sd_configs: [{files: [open.json], refresh_interval: 1s}]
        - job_name: with-token
          authorization: {credentials_file: token}
          tls_config: {ca_file: cert.pem}
          file_sd_configs: [{files: [closed.json], refresh_interval: 1s}]
      """;

  /// A monitor to ask.
  ///
  /// @param instance the name by which alerts tell it from others
  /// @param withToken whether it wants to be shown the token
  /// @param seconds from one question to the next, and how long an answer may take
  record Target(String instance, URI place, boolean withToken, int seconds) {
    private Map<String, String> labels() {
      return Map.of(
          "job",
          "nsmon",
          "instance",
          instance,
          "__scheme__",
          place.getScheme(),
          "__scrape_interval__",
          seconds + "s",
          "__scrape_timeout__",
          seconds + "s");
    }
  }

  private final Path directory;
  private final ReservedPort port = ReservedPort.open();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Child server;

  private Prometheus(Path directory, String rules) throws IOException {
    this.directory = directory;
    Files.writeString(directory.resolve("rules.yaml"), rules);
    Path file = Files.writeString(directory.resolve("prometheus.yml"), CONFIGURATION);
    asks(Set.of());
    server =
        Child.start(
            "prometheus",
            "--config.file=" + file,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port.number());
  }

  /// Starts one that knows of no monitor.
  ///
  /// @param directory where `token` and `cert.pem` may be, which it uses where it shows a token;
  ///   holds all that it writes
  /// @param rules the text of a file of rules
  static Prometheus start(Path directory, String rules) {
    try {
      Prometheus one = new Prometheus(directory, rules);
      try {
        one.awaitReady();
        return one;
      } catch (RuntimeException | AssertionError e) {
        one.close();
        throw new AssertionError("prometheus said:\n" + one.server.err(), e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    Awaitility.await("prometheus")
        .atMost(PATIENCE)
        .ignoreException(ConnectException.class)
        .until(() -> answer("/-/ready").statusCode() == 200);
  }

  /// Has it ask these from now on, and no others.
  void asks(Collection<Target> targets) {
    write("open.json", targets.stream().filter(one -> !one.withToken()).toList());
    write("closed.json", targets.stream().filter(Target::withToken).toList());
  }

  private void write(String name, Collection<Target> targets) {
    ArrayNode groups = JsonNodeFactory.instance.arrayNode();
    for (Target one : targets) {
      var group = groups.addObject();
      group.putArray("targets").add(one.place().getAuthority());
      var labels = group.putObject("labels");
      one.labels().forEach(labels::put);
    }
    try {
      Path whole = Files.writeString(directory.resolve(name + ".new"), groups.toString());
      Files.move(whole, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> answer(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port.number() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    return client.send(request, BodyHandlers.ofString());
  }

  /// What its API has at this path.
  JsonNode api(String path) {
    try {
      HttpResponse<String> answer = answer("/api/v1/" + path);
      if (answer.statusCode() != 200) {
        throw new AssertionError(path + " is answered with " + answer.body());
      }
      return Nsmon.json(answer.body()).get("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What this expression is now.
  JsonNode query(String expression) {
    return api("query?query=" + URLEncoder.encode(expression, UTF_8)).get("result");
  }

  /// The alerts that are firing now.
  ///
  /// @param instance of whom; "" for those of nobody
  Set<String> firing(String instance) {
    Set<String> names = new TreeSet<>();
    for (JsonNode alert : api("alerts").get("alerts")) {
      if (alert.get("state").asText().equals("firing")
          && alert.at("/labels/instance").asText().equals(instance)) {
        names.add(alert.at("/labels/alertname").asText());
      }
    }
    return names;
  }

  /// The alerts of this instance that have ever fired.
  Set<String> fired(String instance) {
    Set<String> names = new TreeSet<>();
    String firing = "ALERTS{alertstate=\"firing\", instance=\"" + instance + "\"}";
    for (JsonNode alert : query("max_over_time(" + firing + "[1h])")) {
      names.add(alert.at("/metric/alertname").asText());
    }
    return names;
  }

  /// How often this instance has answered.
  int answers(String instance) {
    JsonNode sum = query("sum_over_time(up{instance=\"%s\"}[1h])".formatted(instance));
    return sum.at("/0/value/1").asInt();
  }

  @Override
  public void close() {
    server.close();
    client.close();
    port.close();
  }
}
