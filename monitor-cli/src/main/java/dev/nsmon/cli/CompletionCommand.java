package dev.nsmon.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/// `nsmon completion`: prints the completion script for bash and zsh.
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh.",
    footerHeading = "%nExamples:%n",
    footer = "  source <(nsmon completion)")
final class CompletionCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(AutoComplete.bash("nsmon", Main.commandLine()).getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    return Output.write(out);
  }
}
