package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.Host;
import dev.nsmon.format.TextFormat;
import dev.nsmon.journal.JournalReader;
import dev.nsmon.journal.LastState;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `nsmon history`: what a journal has, be there a monitor that writes it or not.
@Command(
    name = "history",
    description = "Shows what nsmon serve has kept: the events of a time, or what there was then.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon history --since 10m --type net",
      "  nsmon history --since 2026-11-23T10:00 --until 2026-11-23T10:05 -o json",
      "  nsmon history --at 1h               the namespaces there were an hour ago",
      "  nsmon history --at 2026-11-23T10:00:00Z --tree --type user"
    })
final class HistoryCommand implements Callable<Integer> {
  /// What chooses among events, and makes no sense for a moment.
  private static final List<String> OF_EVENTS =
      List.of("--since", "--until", "--event", "--comm", "--container", "--count");

  @Spec private CommandSpec spec;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "Which journal. Default: the one that nsmon serve would use.")
  private Path journal;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Converters.OfTime.class,
      description =
          "Begin here: 2026-11-23T10:00:00Z, 2026-11-23T10:00 as local time, or 10m ago. Default:"
              + " with the oldest there is.")
  private Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Converters.OfTime.class,
      description = "End before this time. Default: with the newest there is.")
  private Instant until;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = Converters.OfTime.class,
      description = "Show the namespaces that there were at this time, as nsmon list does.")
  private Instant at;

  @Option(names = "--tree", description = "With --at, show them as nsmon tree does.")
  private boolean tree;

  @Mixin private FilterOptions filters;

  @Option(
      names = "--count",
      paramLabel = "N",
      converter = Converters.OfCount.class,
      description = "End after N events.")
  private Long count;

  @Mixin private RecordOption output;

  @Mixin private ColourOption colour;

  @Override
  public Integer call() throws IOException {
    check();
    Path file = journal == null ? JournalPath.standard() : journal;
    try (JournalReader reader = JournalReader.open(file, HostClock.SYSTEM)) {
      return at == null ? events(reader) : moment(reader);
    }
  }

  private int events(JournalReader reader) throws IOException {
    Host host = reader.host().orElse(new Host("", "", ""));
    TextFormat text = new TextFormat(colour.style(), ZoneId.systemDefault()).withDate();
    HistoryWriter writer =
        new HistoryWriter(
            Terminal.stdout(),
            stream -> output.choice.format(host, stream, text),
            output.choice,
            filters.filter(true),
            count == null ? Long.MAX_VALUE : count,
            HostClock.SYSTEM::nanoTime);
    reader.events(since == null ? Instant.MIN : since, until == null ? Instant.MAX : until, writer);
    return writer.end().map(Output::writeFailure).orElse(ExitCode.DONE);
  }

  private int moment(JournalReader reader) throws IOException {
    LastState state = reader.stateAt(at).orElse(null);
    if (state == null) {
      Words.say("the journal does not tell what there was then: " + begin(reader));
      return ExitCode.FAILURE;
    }
    EventFilter wanted = filters.filter(true);
    Moment moment = new Moment(state, at);
    if (!state.initial()) {
      Words.say(
          "processes in the host's own namespaces alone are not kept, nor how many there were"
              + " ('serve --include-initial' keeps them)");
    }
    return tree
        ? moment.tree(wanted.types(), colour.style())
        : moment.list(
            wanted,
            output.choice == RecordChoice.JSON ? OutputChoice.JSON : OutputChoice.TEXT,
            colour.style());
  }

  private static String begin(JournalReader reader) throws IOException {
    return reader.oldest().map(oldest -> "it begins at " + oldest).orElse("it is empty");
  }

  private void check() {
    if (at == null) {
      refuse(tree, "--tree needs --at");
      refuse(
          since != null && until != null && !since.isBefore(until),
          "--since must be before --until");
      return;
    }
    for (String option : OF_EVENTS) {
      refuse(
          spec.commandLine().getParseResult().hasMatchedOption(option),
          option + " is for events, and makes no sense with --at");
    }
    refuse(at.isAfter(HostClock.SYSTEM.instant()), "--at must not be in the future");
    refuse(
        tree && output.choice != RecordChoice.TEXT,
        "--tree is text, and has no -o " + output.choice);
    refuse(
        output.choice != RecordChoice.TEXT && output.choice != RecordChoice.JSON,
        "-o " + output.choice + " is for events: --at has text and json");
    for (String option : List.of("--pid", "--ns")) {
      refuse(
          tree && spec.commandLine().getParseResult().hasMatchedOption(option),
          option + " makes no sense with --tree");
    }
    refuse(tree && filters.filter(true).types().size() > 1, "--tree shows one --type");
  }

  private void refuse(boolean wrong, String because) {
    if (wrong) {
      throw new ParameterException(spec.commandLine(), because);
    }
  }
}
