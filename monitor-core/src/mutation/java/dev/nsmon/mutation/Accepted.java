package dev.nsmon.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Mutants that may survive, and why: one line of `accepted.txt`, its five fields separated by `::`
/// between spaces.
///
/// @param className below `dev.nsmon`
/// @param mutator PIT's name for the kind of change
/// @param source a part of the changed line; `*` for any
/// @param reason why no test has to notice it
record Accepted(String className, String method, String mutator, String source, String reason) {
  private static final String SEPARATOR = " :: ";

  /// Reads the file; empty lines, and those that begin with `#`, are passed over.
  static List<Accepted> read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(Accepted::parse)
        .toList();
  }

  private static Accepted parse(String line) {
    String[] fields = line.split(SEPARATOR, -1);
    if (fields.length != 5 || fields[4].isBlank()) {
      throw new IllegalArgumentException(
          "not 'class :: method :: mutator :: part of the line :: reason': " + line);
    }
    return new Accepted(fields[0], fields[1], fields[2], fields[3], fields[4]);
  }

  boolean covers(Mutant mutant) {
    return !mutant.isKilled()
        && mutant.className().equals("dev.nsmon." + className)
        && mutant.method().equals(method)
        && mutant.mutator().equals(mutator)
        && (source.equals("*") || mutant.source().contains(source));
  }

  /// The line that would accept this mutant, but for the reason.
  static String line(Mutant mutant) {
    return String.join(
        SEPARATOR,
        mutant.className().substring("dev.nsmon.".length()),
        mutant.method(),
        mutant.mutator(),
        mutant.source());
  }

  @Override
  public String toString() {
    return String.join(SEPARATOR, className, method, mutator, source);
  }
}
