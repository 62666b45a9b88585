package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

/// Every option of `serve` can be said in a configuration and in the environment.
final class KeysTest {
  /// What only makes sense on a command line.
  private static final Set<String> TYPED = Set.of("--help", "--config");

  private final Keys keys = Keys.ALL;

  private static List<OptionSpec> options() {
    return Main.commandLine("serve")
        .getSubcommands()
        .get("serve")
        .getCommandSpec()
        .options()
        .stream()
        .filter(option -> !TYPED.contains(option.longestName()))
        .toList();
  }

  @Test
  void everyOptionHasAKeyOfItsOwn() {
    Set<String> all =
        options().stream()
            .map(o -> keys.key(o.longestName()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(all, new TreeSet<>(keys.byKey().keySet()));
    assertEquals(options().size(), all.size());
  }

  @Test
  void everyKeyIsAtTheTopOrInAGroup() {
    for (String key : keys.byKey().keySet()) {
      assertTrue(key.matches("[a-z-]+([.][a-z-]+)?"), key);
      int dot = key.indexOf('.');
      assertTrue(dot < 0 ? !keys.isGroup(key) : keys.isGroup(key.substring(0, dot)), key);
    }
  }

  @Test
  void everyOptionButOneHasAVariableOfItsOwn() {
    assertEquals(options().size() - 1, keys.byVariable().size());
    assertEquals(Optional.empty(), keys.variable(Keys.PROPERTIES));
  }

  @ParameterizedTest
  @CsvSource({
    "--interval, interval, NSMON_INTERVAL",
    "--include-initial, include-initial, NSMON_INCLUDE_INITIAL",
    "--journal, journal.file, NSMON_JOURNAL",
    "--journal-size, journal.size, NSMON_JOURNAL_SIZE",
    "--kafka, kafka.bootstrap, NSMON_KAFKA",
    "--kafka-state-topic, kafka.state-topic, NSMON_KAFKA_STATE_TOPIC",
    "--file, file.path, NSMON_FILE",
    "--syslog-attention, syslog.attention, NSMON_SYSLOG_ATTENTION",
    "--listen, listen.address, NSMON_LISTEN",
    "--token-file, listen.token-file, NSMON_TOKEN_FILE",
  })
  void theNameOfAnOptionSaysBoth(String option, String key, String variable) {
    assertEquals(key, keys.key(option));
    assertEquals(Optional.of(variable), keys.variable(option));
    assertEquals(option, keys.byVariable().get(variable));
  }

  @ParameterizedTest
  @CsvSource({
    "intervall, interval",
    "includeInitial, include-initial",
    "include_initial, include-initial",
    "INTERVAL, interval",
    "intreval, interval",
    "knowngood, known-good",
    "recieve, receive",
  })
  void aMistakeIsSeenThrough(String name, String meant) {
    assertEquals(
        Optional.of(meant),
        Nearest.to(name, List.of("receive", "interval", "include-initial", "known-good")));
  }

  @ParameterizedTest
  @CsvSource({
    "bar, ca",
    "token, topic",
    "kafka-token, kafka-topic",
    "threads, reconcile",
    "x, ca",
    "size, file"
  })
  void anotherWordIsNoMistake(String name, String other) {
    assertEquals(Optional.empty(), Nearest.to(name, List.of(other)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "a, '', 1",
    "ab, ba, 1",
    "abc, abd, 1",
    "abc, ac, 1",
    "kitten, sitting, 3"
  })
  void theDistanceIsThatOfLetters(String a, String b, int distance) {
    assertEquals(distance, Nearest.distance(a, b));
    assertEquals(distance, Nearest.distance(b, a));
  }
}
