package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The command line as a whole: every command and option is described, and the examples of the help
/// are commands that parse.
final class RootCommandTest {
  static Stream<CommandLine> commands() {
    CommandLine root = Main.commandLine();
    return Stream.concat(
        Stream.of(root),
        root.getSubcommands().values().stream()
            .filter(one -> !one.getCommandSpec().usageMessage().hidden()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionIsDescribedInASentence(CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      String description = String.join(" ", option.description());
      assertTrue(description.matches("(?s)\\S.*[.]"), option + ": " + description);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsNamedWhereOneIsMissing(CommandLine command) {
    String name = command.getCommandName();
    assertTrue(name.equals("nsmon") || RootCommand.COMMANDS.contains(name), name);
  }

  /// The first words of each example, up to its explanation or to what the shell adds.
  static Stream<String> examples() {
    return commands()
        .flatMap(one -> Stream.of(one.getCommandSpec().usageMessage().footer()))
        .map(String::strip)
        .filter(line -> line.startsWith("nsmon "))
        .map(line -> line.split(" {2,}| [|&]", -1)[0]);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleParses(String example) {
    List<String> words = List.of(example.split(" ", -1));
    Main.commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch", "serve", "history", "list", "tree", "doctor", "completion"})
  void helpIsAskedForInTwoWays(String command) {
    for (String option : List.of("-h", "--help")) {
      CommandLine.ParseResult parsed = Main.commandLine().parseArgs(command, option);
      assertTrue(parsed.subcommand().isUsageHelpRequested());
      assertFalse(parsed.isUsageHelpRequested());
      assertEquals(command, parsed.subcommand().commandSpec().name());
    }
  }
}
