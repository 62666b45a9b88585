package dev.nsmon.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A process that goes on until it is closed, such as `nsmon serve` of the image.
final class Serve implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(50);
  private static final Pattern LISTENING = Pattern.compile("listening on http://\\S+:([0-9]+) ");

  /// For one answer.
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final Process process;
  private final Path said;

  private Serve(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  /// @param directory for what it says
  static Serve start(Path directory, List<String> command) throws IOException {
    Path said = Files.createTempFile(directory, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.contains("JAVA_"));
    return new Serve(builder.start(), said);
  }

  static Serve nsmon(Path directory, String... options) throws IOException {
    String image = Path.of(System.getProperty("nsmon.image")).toAbsolutePath().toString();
    List<String> command = new ArrayList<>(List.of(image + "/bin/nsmon", "serve"));
    command.addAll(List.of(options));
    return start(directory, command);
  }

  String said() throws IOException {
    return Files.readString(said, UTF_8);
  }

  /// Waits until nsmon has said on which port it listens.
  int awaitPort() {
    return await()
        .atMost(PATIENCE)
        .failFast(this::isRunning)
        .until(() -> LISTENING.matcher(said()).results().findFirst(), Optional::isPresent)
        .map(listening -> Integer.parseInt(listening.group(1)))
        .orElseThrow();
  }

  /// Waits until a path is answered with this status; fails at once where the process has ended.
  HttpResponse<String> awaitAnswer(String url, int status, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .ignoreException(ConnectException.class)
          .failFast(this::isRunning)
          .until(
              () -> client.send(request.build(), BodyHandlers.ofString()),
              answer -> answer.statusCode() == status);
    }
  }

  private void isRunning() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("has ended:\n" + said());
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
