package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `deploy/nsmon.yaml` has every key, and says the truth about the defaults.
final class ExampleConfigTest {
  private static final Path EXAMPLE = Path.of("../deploy/nsmon.yaml");

  @TempDir private Path directory;

  private final Keys keys = Keys.ALL;

  private static ParseResult nothingTyped() {
    return new CommandLine(new ServeCommand()).parseArgs();
  }

  private Configuration read(String text) throws IOException, BadConfigurationException {
    Path file = Files.writeString(directory.resolve("nsmon.yaml"), text);
    return Configuration.written(Optional.of(file.toString()), Map.of(), nothingTyped());
  }

  /// With nothing commented out but words.
  private String uncommented() throws IOException {
    Path properties = Files.writeString(directory.resolve("kafka.properties"), "acks=all\n");
    return Files.readString(EXAMPLE)
        .replaceAll("(?m)^( *)#(?! |$)", "$1")
        .replace("/etc/nsmon/kafka.properties", properties.toString());
  }

  @Test
  void asItIsItSaysNothing() throws Exception {
    Configuration configuration = read(Files.readString(EXAMPLE));
    assertEquals(
        new TreeSet<>(configuration.effective().keySet()),
        keys.byKey().values().stream()
            .map(OptionSpec::longestName)
            .filter(option -> configuration.values(option).isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void uncommentedItHasEveryKeyAndIsRight() throws Exception {
    Configuration configuration = read(uncommented());
    keys.byKey()
        .forEach(
            (key, option) ->
                assertFalse(configuration.values(option.longestName()).isEmpty(), key));
  }

  @Test
  void whatItSaysOfDefaultsIsSo() throws Exception {
    Map<String, Object> unset = read("").effective();
    Map<String, Object> said = read(uncommented()).effective();
    keys.byKey()
        .forEach(
            (key, option) -> {
              if (option.defaultValue() != null || option.typeInfo().isBoolean()) {
                assertEquals(unset.get(option.longestName()), said.get(option.longestName()), key);
              }
            });
  }

  @Test
  void whatIsPrintedIsTheSame() throws Exception {
    printed(read(uncommented()));
    printed(read("file: {path: '/a b', type: [net]}\nthreads: true"));
    printed(read(""));
  }

  private void printed(Configuration configuration) throws Exception {
    List<String> printed = new ConfigText(configuration).lines();
    assertTrue(printed.contains("journal:"), printed::toString);
    Configuration again = read(String.join("\n", printed));
    assertEquals(configuration.effective(), again.effective());
  }
}
