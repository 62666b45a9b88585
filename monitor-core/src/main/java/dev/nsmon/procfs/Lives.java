package dev.nsmon.procfs;

import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.proc.NamespaceProbe;
import java.util.Collection;
import java.util.List;

/// Which of the namespaces known are still alive, by the end of a look.
final class Lives {
  private final NamespaceTable table;
  private final Places places;
  private final NamespaceProbe probe;

  Lives(NamespaceTable table, Places places, NamespaceProbe probe) {
    this.table = table;
    this.places = places;
    this.probe = probe;
  }

  /// Asks after every namespace that nothing in this look has vouched for; whether any is gone.
  boolean verify(int look) {
    boolean anyGone = false;
    for (int i = 0; i < table.all().size(); i++) {
      Known known = table.all().get(i);
      if (known.vouched == look || known.namespace.initial() || known.gone) {
        anyGone |= known.gone;
      } else if (known.trusted) {
        switch (probe.life(known.namespace)) {
          case ALIVE -> known.vouch(look);
          case GONE -> known.gone = true;
          case UNKNOWN -> {}
        }
        anyGone |= known.gone;
      }
    }
    return anyGone;
  }

  /// Whether the life of any can't be asked and has not been shown in this look.
  boolean hasDoubtful(int look) {
    for (Known known : table.all()) {
      if (!known.trusted && !known.namespace.initial() && known.vouched != look) {
        return true;
      }
    }
    return false;
  }

  /// Ends what is gone, save what this very look has discovered: that is told first, and ends with
  /// the next look.
  List<Ended> endGone(int look, Collection<Known> unheld) {
    for (int i = table.all().size() - 1; i >= 0; i--) {
      Known known = table.all().get(i);
      if (known.gone && known.discovered != look) {
        table.end(
            known, known.namespace.id() >= 0 ? Evidence.KERNEL_ID_GONE : Evidence.INODE_REUSED);
      } else if (unheld.contains(known)) {
        table.end(known, Evidence.NO_HOLDER);
      }
    }
    places.forgetEnded();
    table.untold().takeBorn();
    return table.untold().takeEnded();
  }
}
