package dev.nsmon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `nsmon train`: what the build runs to find out which classes a start needs, for the AOT cache
/// (JEP 514).
@Command(name = "train", hidden = true, description = "Goes through all that should start fast.")
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    String[][] commands = {
      {"list", "--color", "always"},
      {"list", "-o", "json"},
      {"tree", "--type", "user"},
      {"tree"},
      {"watch", "--baseline", "--interval", "100ms", "--duration", "500ms", "--threads"},
      {"watch", "--baseline", "--interval", "100ms", "--duration", "500ms", "-o", "json"},
    };
    for (String[] command : commands) {
      int code = Main.run(command);
      if (code != ExitCode.DONE) {
        return code;
      }
    }
    return ExitCode.DONE;
  }
}
