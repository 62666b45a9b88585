package dev.nsmon.monitor;

import dev.nsmon.push.Push;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Selects the push source to use.
final class Feeds {
  private Feeds() {}

  /// The result of a selection.
  ///
  /// @param feed the opened source; empty if none could be opened or none is configured
  /// @param refused the sources that could not be opened, each with the reason; empty text if none
  record Opened(Optional<Feed> feed, String refused) {}

  /// Opens the first push source that the kernel permits, and reports the choice with its reasons.
  /// The monitor thread calls this before the first scan. Whatever happens after that scan has read
  /// a process is then in a record.
  ///
  /// @param feeds the candidates, the best first; empty to poll, which is not reported
  /// @param out receives what the source delivers, on the source's thread
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
