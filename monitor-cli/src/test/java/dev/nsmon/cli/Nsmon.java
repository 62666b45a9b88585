package dev.nsmon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Starts the packaged command, in an environment that does not depend on who runs the tests.
final class Nsmon {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Nsmon() {}

  static Path image() {
    return Path.of(System.getProperty("nsmon.image")).toAbsolutePath();
  }

  static String program() {
    return image().resolve("bin/nsmon").toString();
  }

  /// Any command, with the environment that nsmon is tested in and `NSMON` for its start script.
  static ProcessBuilder command(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name -> name.startsWith("LC_") || name.contains("JAVA_") || name.contains("JVM"));
    environment.keySet().removeAll(List.of("LANG", "NO_COLOR"));
    environment.putAll(Map.of("LC_ALL", "C.UTF-8", "TERM", "xterm", "NSMON", program()));
    return builder;
  }

  static ProcessBuilder nsmon(String... args) {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(List.of(args));
    return command(command.toArray(String[]::new));
  }

  /// Starts nsmon; the test must close it.
  static Child start(String... args) {
    return Child.start(nsmon(args));
  }

  /// Starts `nsmon watch` and waits until it has looked for the first time.
  static Child watch(String... options) {
    List<String> args = new ArrayList<>(List.of("watch", "--interval", "100ms"));
    args.addAll(List.of(options));
    Child watch = start(args.toArray(String[]::new));
    watch.awaitLine(line -> line.contains("synced"));
    return watch;
  }

  static Result run(String... args) {
    return Child.start(nsmon(args)).result();
  }

  static Result run(Map<String, String> environment, String... args) {
    ProcessBuilder builder = nsmon(args);
    builder.environment().putAll(environment);
    return Child.start(builder).result();
  }

  static Result shell(String script) {
    return Child.start(command("bash", "-c", script)).result();
  }

  /// The lines of a text that is still being written, without the last one if it is incomplete.
  static List<String> wholeLines(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /// The same of a file; none if it does not exist yet.
  static List<String> wholeLines(Path file) throws IOException {
    return Files.exists(file) ? wholeLines(Files.readString(file)) : List.of();
  }

  /// Lines of JSON as records.
  static List<JsonNode> json(List<String> lines) {
    return lines.stream().map(Nsmon::json).toList();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}
