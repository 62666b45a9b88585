package dev.nsmon.deploy;

import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Prometheus' own judge.
final class Promtool {
  private Promtool() {}

  static Ran run(String... args) throws IOException, InterruptedException {
    Ran.needs("promtool");
    String[] command = new String[args.length + 1];
    command[0] = "promtool";
    System.arraycopy(args, 0, command, 1, args.length);
    return Ran.of(command);
  }

  /// Whether these are expressions, tried as rules.
  static Ran checkExpressions(Path directory, List<String> expressions)
      throws IOException, InterruptedException {
    StringBuilder rules = new StringBuilder("groups:\n- name: panels\n  rules:\n");
    for (int i = 0; i < expressions.size(); i++) {
      rules.append("  - record: panel:").append(i).append("\n    expr: |\n      ");
      rules.append(expressions.get(i)).append('\n');
    }
    Path file = Files.writeString(directory.resolve("panels.yaml"), rules);
    return run("check", "rules", file.toString());
  }
}
