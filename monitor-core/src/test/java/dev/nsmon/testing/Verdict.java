package dev.nsmon.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Sums up in a few lines what the tests of a build have done: how many passed, which were skipped
/// and why, which failed.
///
/// The build calls it after the tests of each module. It reads the reports of Surefire and Failsafe
/// that are not older than the build.
public final class Verdict {
  /// Names of skipped tests that are shown for each reason.
  private static final int SHOWN = 3;

  private final String title;
  private final List<TestCase> cases;

  Verdict(String title, List<TestCase> cases) {
    this.title = title;
    this.cases = cases;
  }

  /// `TITLE SINCE ALLOWED DIRECTORY...`: the directories hold the reports, SINCE is an ISO instant,
  /// and ALLOWED is a file of [AllowedSkips], or `any`. Ends with 1 if a test failed, or was
  /// skipped and is not allowed to be.
  public static void main(String[] args) throws IOException {
    Instant since = Instant.parse(args[1]);
    List<TestCase> cases = new ArrayList<>();
    for (String directory : List.of(args).subList(3, args.length)) {
      cases.addAll(TestCase.in(Path.of(directory), since));
    }
    Verdict verdict = new Verdict(args[0], cases);
    verdict.print(System.out);
    if (!args[2].equals("any")) {
      List<String> refused = verdict.refused(AllowedSkips.read(Path.of(args[2])));
      refused.forEach(
          line -> System.out.println("[ERROR] skipped, but not in " + args[2] + ": " + line));
      if (!refused.isEmpty()) {
        System.exit(1);
      }
    }
    if (verdict.failed() > 0) {
      System.exit(1);
    }
  }

  private long failed() {
    return cases.stream().filter(one -> one.failure().isPresent()).count();
  }

  private long skipped() {
    return cases.stream().filter(one -> one.skipped().isPresent()).count();
  }

  /// Nothing where no test ran.
  void print(PrintStream out) {
    if (cases.isEmpty()) {
      return;
    }
    out.println();
    skips().forEach((reason, names) -> out.println("  skipped: " + reason + ": " + some(names)));
    out.println(
        title
            + ": "
            + (cases.size() - failed() - skipped())
            + " passed, "
            + failed()
            + " failed, "
            + skipped()
            + " skipped");
  }

  private Map<String, List<String>> skips() {
    Map<String, List<String>> skips = new TreeMap<>();
    for (TestCase one : cases) {
      one.skipped()
          .ifPresent(
              reason -> skips.computeIfAbsent(reason, _ -> new ArrayList<>()).add(one.name()));
    }
    return skips;
  }

  private static String some(List<String> names) {
    List<String> sorted = names.stream().sorted().toList();
    String shown = String.join(", ", sorted.subList(0, Math.min(SHOWN, sorted.size())));
    return sorted.size() > SHOWN ? shown + " and " + (sorted.size() - SHOWN) + " more" : shown;
  }

  /// The skipped tests that the list does not allow, each with its reason.
  List<String> refused(AllowedSkips allowed) {
    return cases.stream()
        .filter(one -> one.skipped().isPresent())
        .filter(one -> !allowed.allows(one.name(), one.skipped().orElseThrow()))
        .map(one -> one.name() + " | " + one.skipped().orElseThrow())
        .sorted(Comparator.naturalOrder())
        .toList();
  }
}
