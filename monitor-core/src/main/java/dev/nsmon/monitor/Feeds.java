package dev.nsmon.monitor;

import dev.nsmon.push.Push;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Chooses among push sources.
final class Feeds {
  private Feeds() {}

  /// What came of it.
  ///
  /// @param feed empty if none was granted, or none was wanted
  /// @param refused why better ones were not, each with its name
  record Opened(Optional<Feed> feed, String refused) {}

  /// Opens the best push source that the kernel grants, and says which and why. To be called before
  /// the first look, so that whatever happens after that has read a process is reported.
  static Opened open(
      List<Feed> feeds, MonitorSettings settings, Consumer<Push> out, Consumer<String> remarks) {
    List<String> refused = new ArrayList<>();
    for (Feed candidate : feeds) {
      try {
        candidate.source().start(out);
        candidate.source().hasten();
        remarks.accept(
            "source: "
                + candidate.name()
                + ", compared with /proc every "
                + Reconciler.words(settings.reconcile())
                + because(refused));
        return new Opened(Optional.of(candidate), String.join("; ", refused));
      } catch (IOException e) {
        refused.add(candidate.name() + ": " + e.getMessage());
      }
    }
    if (!feeds.isEmpty()) {
      remarks.accept(
          "source: poll every " + Reconciler.words(settings.interval()) + because(refused));
    }
    return new Opened(Optional.empty(), String.join("; ", refused));
  }

  private static String because(List<String> refused) {
    return refused.isEmpty() ? "" : " (" + String.join("; ", refused) + ")";
  }
}
