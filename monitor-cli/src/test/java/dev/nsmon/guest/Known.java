package dev.nsmon.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known to be wrong, by kernel and case: the lines of `known.txt`.
///
/// @param lines in the order of the file
record Known(List<Line> lines) {
  enum Status {
    /// It is wrong each time. When it is right the test fails, so that the line is removed.
    FAILS,
    /// Now right, now wrong: the result is printed and not judged.
    UNSTEADY
  }

  /// One line.
  ///
  /// @param kernels names of [Kernel]s
  record Line(List<String> kernels, Status status, String name, String reason) {}

  /// Parses `KERNEL... | fails or unsteady | CASE | REASON`. Lines that begin with `#` are
  /// comments.
  static Known parse(List<String> text) {
    List<Line> lines = new ArrayList<>();
    for (String line : text) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.strip().split(" *\\| *", -1);
      if (parts.length != 4 || parts[3].isEmpty()) {
        throw new IllegalArgumentException("not KERNEL... | STATUS | CASE | REASON: " + line);
      }
      Status status =
          switch (parts[1]) {
            case "fails" -> Status.FAILS;
            case "unsteady" -> Status.UNSTEADY;
            default -> throw new IllegalArgumentException("neither fails nor unsteady: " + line);
          };
      lines.add(new Line(List.of(parts[0].split(" +")), status, parts[2], parts[3]));
    }
    return new Known(List.copyOf(lines));
  }

  Optional<Line> of(Kernel kernel, String name) {
    return lines.stream()
        .filter(line -> line.kernels().contains(kernel.name()) && line.name().equals(name))
        .findFirst();
  }

  /// Why the test of a case with these faults fails; empty where it passes.
  Optional<String> failure(Kernel kernel, String name, List<String> faults) {
    Status status = of(kernel, name).map(Line::status).orElse(null);
    if (status == null) {
      return faults.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", faults));
    }
    return status == Status.FAILS && faults.isEmpty()
        ? Optional.of("this is right now: take " + kernel.name() + " out of its line in known.txt")
        : Optional.empty();
  }

  /// The lines of a kernel that name no case there is.
  List<String> stale(Kernel kernel, List<String> names) {
    return lines.stream()
        .filter(line -> line.kernels().contains(kernel.name()) && !names.contains(line.name()))
        .map(Line::name)
        .toList();
  }
}
