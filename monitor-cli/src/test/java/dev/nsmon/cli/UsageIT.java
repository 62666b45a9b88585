package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can't be asked is answered on stderr by what was wrong and what could be asked, with exit
/// code 2 and nothing on stdout.
final class UsageIT {
  private static final String TYPES = "cgroup, ipc, mnt, net, pid, time, user, uts";
  private static final String KINDS =
      "namespace-created, process-joined, process-left, namespace-destroyed";
  private static final String TIMES = "up to six digits and ms, s, m, h or d";
  private static final String FORMS = "net:[4026532177] by inode or net:810 by id";
  private static final String COMMANDS = "watch, serve, history, list, tree, kafka, config, doctor";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "watch --type foo             | --type | foo | " + TYPES,
        "watch --type net,foo         | --type | foo | " + TYPES,
        "watch --type net,,pid        | --type | ''  | " + TYPES,
        "list --type foo              | --type | foo | " + TYPES,
        "tree --type foo              | --type | foo | " + TYPES,
        "watch --event foo            | --event | foo | " + KINDS,
        "watch -o xml                 | --output | xml | text, json",
        "list -o yaml                 | --output | yaml | text, json",
        "watch --color mauve          | --color | mauve | auto, always, never",
        "watch --interval soon        | --interval | soon | " + TIMES,
        "watch --interval 5           | --interval | 5 | " + TIMES,
        "watch --duration -1s         | --duration | -1s | " + TIMES,
        "watch --duration 1000000h    | --duration | 1000000h | " + TIMES,
        "watch --event synced         | --event | synced | " + KINDS,
        "watch --interval 99ms        | --interval | outside | 100ms to 1h",
        "watch --interval 3601s       | --interval | outside | 100ms to 1h",
        "watch --pid 0                | --pid | 0 | a number from 1 on",
        "watch --pid 12,none          | --pid | none | a number from 1 on",
        "list --pid -1                | --pid | -1 | a number from 1 on",
        "watch --ns 4026532177        | --ns | 4026532177 | " + FORMS,
        "watch --ns net:[x]           | --ns | net:[x] | " + FORMS,
        "watch --ns foo:[1]           | --ns | foo | " + TYPES,
        "watch --count 0              | --count | 0 | a whole number from 1 on",
        "watch --count few            | --count | few | a whole number from 1 on",
        "watch --from kafka           | --from | kafka | kafka://HOST:PORT[,HOST:PORT]/TOPIC",
        "list --from kafka://h/t      | --from | kafka://h/t | kafka://HOST:PORT[,HOST:PORT]/TOPIC",
        "watch --from ws://h          | --from | ws://h | ws://HOST:PORT or wss://HOST:PORT",
        "watch --from ws://h:1 --since 10m | --since | Kafka | --help",
        "watch --from ws://h:1 --host a | --host | Kafka | --help",
        "tree --from ws://h:1 -K a=b  | -K | Kafka | --help",
        "watch --from ws://h:1 --interval 1s | --interval | --from | --help",
        "watch --from ws://h:1 --tls-ca f | --tls-ca | wss:// | --help",
        "list --from kafka://h:1 --token-file f | --token-file | ws:// | --help",
        "list --token-file f          | --token-file | needs --from | --help",
        "watch --from kafka://h:1 --interval 1s | --interval | --from | --help",
        "watch --from kafka://h:1 --source poll | --source | --from | --help",
        "list --from kafka://h:1 --pid 1 | --pid | --from | --help",
        "watch --from kafka://h:1 --since noon | --since | noon | 10m",
        "watch --since 10m            | --since | needs --from | --help",
        "tree --host a                | --host | needs --from | --help",
        "list -K acks=all             | -K | needs --from | --help",
        "history --since noon         | --since | noon | 2026-11-23T10:00 as local time",
        "history --until 1x           | --until | 1x | 10m",
        "history --since 1m --until 2m | --since | before | --until",
        "history --at yesterday       | --at | yesterday | 2026-11-23T10:00:00Z",
        "history --at 9000-01-01T00:00 | --at | future | --help",
        "history --at 1m --since 2m   | --since | --at | --help",
        "history --at 1m --event process-left | --event | --at | --help",
        "history --at 1m --count 1    | --count | --at | --help",
        "history --tree               | --tree | --at | --help",
        "history --at 1m --tree -o json | --tree | json | --help",
        "history --at 1m --tree --pid 1 | --pid | --tree | --help",
        "history --at 1m --tree --type net,pid | --tree | one | --type",
        "watch --bogus                | --bogus | option | --help",
        "--bogus                      | --bogus | option | --help",
        "watch net                    | net | argument | --help",
        "watch --comm                 | --comm | Missing | NAME",
        "wach                         | wach | watch | " + COMMANDS,
        "''                           | command | missing | " + COMMANDS,
      })
  void wrongUseIsNamedWithWhatIsRight(String args, String where, String wrong, String right) {
    Result result = args.isEmpty() ? Refusals.run() : Refusals.run(args.split(" ", -1));
    result.endedWith(2);
    assertEquals("", result.out());
    String first = result.err().lines().findFirst().orElse("");
    assertTrue(first.contains(where) && first.contains(wrong), result.err());
    assertTrue(result.err().contains(right), result.err());
    assertTrue(
        result.err().lines().allMatch(line -> line.startsWith("nsmon: ")),
        "words for people, and no stack trace: " + result.err());
  }

  @Test
  void whatWasTypedCannotSteerTheTerminal() {
    Result result = Refusals.run("watch", "--type", "\u001b[2J").endedWith(2);
    assertTrue(result.err().contains("\\x1b[2J"), result.err());
  }

  @Test
  void aTimeLongerThanTheMachineLivesIsNoFailure() {
    Nsmon.run("watch", "--baseline", "--count", "1", "--duration", "999999h").endedWith(0);
  }
}
