package dev.nsmon.cli;

import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `nsmon kafka`: administration of the Kafka cluster.
@Command(
    name = "kafka",
    description = "Prepares Kafka for nsmon.",
    synopsisSubcommandLabel = "create-topics",
    subcommands = KafkaCommand.CreateTopics.class)
final class KafkaCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: create-topics");
  }

  /// `nsmon kafka create-topics`.
  @Command(
      name = "create-topics",
      description = {
        "Makes the topics that serve publishes to.",
        "Those that are there are left as they are, and it says if they are not as they should be."
      },
      exitCodeListHeading = ExitCode.HELP_HEADING,
      exitCodeList = {
        "0:all are as they should be",
        "1:one is not, or Kafka does not answer",
        "2:a wrong option",
        "3:a bad configuration"
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  nsmon kafka create-topics --kafka broker:9092",
        "  nsmon kafka create-topics --kafka broker:9093 --kafka-config client.properties"
      })
  static final class CreateTopics implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--kafka",
        required = true,
        paramLabel = "HOST:PORT[,...]",
        description = "Brokers to ask first.")
    private String servers;

    @Mixin private KafkaOptions kafka;

    @Mixin private KafkaTopics topics;

    @Option(
        names = "--partitions",
        paramLabel = "N",
        defaultValue = "6",
        description = {
          "Partitions of each topic (default: ${DEFAULT-VALUE}).",
          "All of a host is in one; adding some later breaks its order."
        })
    private int partitions;

    @Option(
        names = "--replication-factor",
        paramLabel = "N",
        description = "Copies of each (default: 3, or as many as there are brokers).")
    private Integer replicas;

    @Override
    public Integer call() throws InterruptedException {
      check();
      List<String> lines = new ArrayList<>();
      int code;
      try {
        OptionalInt copies = replicas == null ? OptionalInt.empty() : OptionalInt.of(replicas);
        Topics.Plan plan =
            new Topics.Plan(topics.events(), topics.state(), topics.cursors(), partitions, copies);
        code =
            Topics.create(kafka.properties(servers), plan, lines::add)
                ? ExitCode.DONE
                : ExitCode.FAILURE;
      } catch (BadPropertiesException e) {
        Words.say(e.getMessage());
        code = ExitCode.CONFIGURATION;
      } catch (IOException e) {
        Words.say(e.getMessage());
        code = ExitCode.FAILURE;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Output.add(lines, out);
      int written = Output.write(out);
      return code == ExitCode.DONE ? written : code;
    }

    private void check() {
      Faults faults = new Faults(spec.commandLine().getParseResult());
      topics.check(faults);
      faults.throwFirst(spec.commandLine());
      if (partitions < 1 || (replicas != null && (replicas < 1 || replicas > Short.MAX_VALUE))) {
        throw wrong("--partitions and --replication-factor must be at least 1");
      }
    }

    private ParameterException wrong(String words) {
      return new ParameterException(spec.commandLine(), words);
    }
  }
}
