import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Writes what a package has of nsmon's commands: the manual page `nsmon.1` and the completion for
/// bash, out of the commands themselves.
final class Manual {
  private final StringBuilder out = new StringBuilder();

  /// Writes into `man` and `bash-completion` below a directory, such as `/usr/share`.
  static void write(Path share, String version, String date) throws IOException {
    CommandLine nsmon = commands();
    Path man = Files.createDirectories(share.resolve("man/man1")).resolve("nsmon.1.gz");
    String page = new Manual().page(nsmon, version, date);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new Best(packed)) {
      gzip.write(page.getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = packed.toByteArray();
    // What gzip -9 says of itself (RFC 1952, XFL).
    bytes[8] = 2;
    Files.write(man, bytes);
    Files.writeString(
        Files.createDirectories(share.resolve("bash-completion/completions")).resolve("nsmon"),
        // Sourced, never run.
        AutoComplete.bash("nsmon", nsmon).replaceFirst("^#!.*\n", "") + "\n");
  }

  /// As Debian asks for: at the best level, without a time.
  private static final class Best extends GZIPOutputStream {
    Best(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(9);
    }
  }

  private static CommandLine commands() {
    try {
      Method method =
          Class.forName("dev.nsmon.cli.Main").getDeclaredMethod("commandLine", String[].class);
      method.setAccessible(true);
      return (CommandLine) method.invoke(null, (Object) new String[0]);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private String page(CommandLine nsmon, String version, String date) {
    macro("TH", "NSMON", "1", date, "nsmon " + version, "User Commands");
    macro("SH", "NAME");
    String does = nsmon.getCommandSpec().usageMessage().description()[0];
    line(
        "nsmon - "
            + does.substring(0, 1).toLowerCase()
            + does.substring(1).replaceFirst("\\.$", ""));
    macro("SH", "SYNOPSIS");
    visible(nsmon).forEach(this::synopsis);
    macro("SH", "DESCRIPTION");
    line(
        "nsmon shows all namespaces of a host under names that are never reused, and tells when one"
            + " is created, when a process joins one and when one ends. stdout is data; what is"
            + " said to people goes to stderr.");
    macro("SH", "OPTIONS");
    options(nsmon.getCommandSpec());
    macro("SH", "COMMANDS");
    visible(nsmon).forEach(this::command);
    macro("SH", "EXIT STATUS");
    nsmon
        .getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .forEach((code, means) -> item("\\fB" + text(code) + "\\fR", List.of(means)));
    macro("SH", "ENVIRONMENT");
    item(
        "\\fBNSMON_\\fIOPTION\\fR",
        List.of(
            "An option of serve: NSMON_JOURNAL_SIZE is --journal-size. The command line wins."));
    item("\\fBNSMON_CONFIG\\fR", List.of("The file of --config."));
    item(
        "\\fBNSMON_KAFKA_\\fINAME\\fR",
        List.of(
            "If it is no option, a property of the Kafka clients: NSMON_KAFKA_SASL_JAAS_CONFIG is"
                + " sasl.jaas.config."));
    item(
        "\\fBNSMON_JVM_OPTIONS\\fR",
        List.of("More options for the Java runtime that nsmon brings along."));
    item("\\fBNO_COLOR\\fR", List.of("If set, nothing is coloured unless --color says so."));
    item(
        "\\fBSTATE_DIRECTORY\\fR, \\fBXDG_STATE_HOME\\fR",
        List.of("Where serve and history look for journal.db."));
    macro("SH", "FILES");
    item(
        "\\fI/etc/nsmon/nsmon.yaml\\fR",
        List.of(
            "What config looks at if no other is named; serve reads it where --config names it."
                + " /usr/share/doc/nsmon/nsmon.yaml has every key."));
    item(
        "\\fI/etc/default/nsmon\\fR, \\fI/etc/sysconfig/nsmon\\fR",
        List.of("NSMON_OPTIONS and other variables of the service; the second in an RPM."));
    item(
        "\\fI/var/lib/nsmon/journal.db\\fR",
        List.of("The journal of serve, where root or the service runs it."));
    macro("SH", "EXAMPLES");
    examples(nsmon.getCommandSpec());
    macro("SH", "SEE ALSO");
    out.append(".BR lsns (8),\n.BR namespaces (7),\n.BR systemd.unit (5)\n.PP\n");
    line("/usr/share/doc/nsmon/README.md tells how to run it as a service.");
    return out.toString();
  }

  /// Those that do something, in order; of a command with commands, these.
  private static Stream<CommandLine> visible(CommandLine of) {
    return of.getSubcommands().values().stream()
        .filter(one -> !one.getCommandSpec().usageMessage().hidden())
        .distinct()
        .flatMap(one -> one.getSubcommands().isEmpty() ? Stream.of(one) : visible(one));
  }

  private void synopsis(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    out.append(".B ").append(text(spec.qualifiedName())).append("\n");
    for (OptionSpec option : spec.options()) {
      if (option.required() && !option.hidden()) {
        out.append(names(option)).append("\n");
      }
    }
    out.append("[\\fIOPTION\\fR]...\n");
    for (PositionalParamSpec one : spec.positionalParameters()) {
      out.append("\\fI").append(text(one.paramLabel())).append("\\fR\n");
    }
    out.append(".br\n");
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    macro("SS", spec.qualifiedName());
    for (String paragraph : spec.usageMessage().description()) {
      line(plain(paragraph));
    }
    for (PositionalParamSpec one : spec.positionalParameters()) {
      item("\\fI" + text(one.paramLabel()) + "\\fR", resolved(one.description(), one));
    }
    options(spec);
    examples(spec);
  }

  private void options(CommandSpec spec) {
    spec.options().stream()
        .filter(option -> !option.hidden() && !(option.inherited()))
        .forEach(option -> item(names(option), resolved(option.description(), option)));
  }

  private static String names(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(name -> "\\fB" + text(name) + "\\fR")
            .collect(Collectors.joining(", "));
    boolean takes = option.arity().max() > 0;
    return takes ? names + " \\fI" + text(option.paramLabel()) + "\\fR" : names;
  }

  private static List<String> resolved(String[] lines, CommandLine.Model.ArgSpec of) {
    String value = of.defaultValue() == null ? "" : of.defaultValue();
    return Arrays.stream(lines)
        .map(line -> plain(line.replace("${DEFAULT-VALUE}", value)))
        .toList();
  }

  private void examples(CommandSpec spec) {
    String[] lines = spec.usageMessage().footer();
    if (lines.length == 0) {
      return;
    }
    out.append(".PP\n.RS 4\n.nf\n");
    Arrays.stream(lines).forEach(line -> line(plain(line).strip()));
    out.append(".fi\n.RE\n");
  }

  private void item(String head, List<String> lines) {
    out.append(".TP\n").append(head).append("\n");
    lines.forEach(this::line);
  }

  private void macro(String name, String... words) {
    out.append(".").append(name);
    for (String word : words) {
      out.append(" \"").append(text(word).replace("\"", "\\(dq")).append("\"");
    }
    out.append("\n");
  }

  private void line(String plain) {
    String text = text(plain);
    // A point or an apostrophe at the beginning would be a request.
    out.append(text.startsWith(".") || text.startsWith("'") ? "\\&" : "").append(text).append("\n");
  }

  private static String plain(String marked) {
    return Ansi.OFF.string(marked.replace("%%", "%").replace("%n", " "));
  }

  private static String text(String plain) {
    return plain.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
  }
}
