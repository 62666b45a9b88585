package dev.nsmon.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The list of the tests that may be skipped where everything is installed, with the reason that
/// each has to give.
///
/// A line is `NAME | REASON`: the name as in [TestCase#name()], `*` standing for anything; the
/// reason a regular expression that the whole one has to match. `#` begins a comment.
record AllowedSkips(List<Line> lines) {
  /// Nothing may be skipped.
  static final AllowedSkips NONE = new AllowedSkips(List.of());

  record Line(Pattern name, Pattern reason) {}

  /// @throws IOException if the file can't be read, or a line is none
  static AllowedSkips read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(" \\| ", 2);
      if (parts.length < 2) {
        throw new IOException(file + ":" + number + ": is not NAME | REASON: " + line);
      }
      try {
        lines.add(new Line(glob(parts[0].strip()), Pattern.compile(parts[1].strip())));
      } catch (PatternSyntaxException e) {
        throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return new AllowedSkips(List.copyOf(lines));
  }

  private static Pattern glob(String name) {
    return Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E");
  }

  /// Whether the test may be skipped for this reason.
  boolean allows(String name, String reason) {
    return lines.stream()
        .anyMatch(
            line -> line.name.matcher(name).matches() && line.reason.matcher(reason).matches());
  }
}
