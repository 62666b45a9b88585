package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;

/// Which namespaces the tasks of a look prove to be alive, and how many tasks prove little:
/// zombies, and those that can't be read.
final class Vouching {
  private final NamespaceTable table;
  private final Places places;
  private int look;
  private int denied;
  private int zombies;

  Vouching(NamespaceTable table, Places places) {
    this.table = table;
    this.places = places;
  }

  void begin(int next) {
    look = next;
    denied = 0;
    zombies = 0;
  }

  int denied() {
    return denied;
  }

  int zombies() {
    return zombies;
  }

  /// A process whose row is up to date.
  ///
  /// @param idle whether it has not run since that was read, so that it is where it was
  void seen(Slot slot, boolean idle) {
    switch (slot.task.state()) {
      case LIVE -> {
        if (idle) {
          slot.place.proven = look;
        } else {
          assume(slot.place);
        }
      }
      case ZOMBIE -> {
        zombies++;
        keepAlive(slot.place.known[NamespaceLink.PID.ordinal()]);
        keepAlive(slot.place.known[NamespaceLink.USER.ordinal()]);
      }
      case DENIED -> {
        denied++;
        slot.place.assumed = look;
      }
    }
    // By index: an iterator for each process would be all that a look at rest allocates.
    for (int i = 0; i < slot.threads.size(); i++) {
      assume(slot.threads.get(i).place());
    }
  }

  /// Without ids, a link that names an inode is all the proof of life there is. With them it is
  /// none: the inode may be another's by now, and the id can be asked.
  private void assume(Place place) {
    if (!table.hasKernelIds()) {
      place.assumed = look;
    }
  }

  /// A zombie keeps two of its namespaces until it is reaped, as its links show.
  private void keepAlive(Known known) {
    if (known != null && !known.trusted) {
      known.vouch(look);
    }
  }

  /// A live process whose namespaces have all just been asked who they are.
  void asked(Slot slot) {
    vouch(slot.place);
    for (ThreadSlot thread : slot.threads) {
      vouch(thread.place());
    }
  }

  private void vouch(Place place) {
    for (Known known : place.known) {
      if (known != null && !known.gone) {
        known.vouch(look);
      }
    }
  }

  /// All have been seen: takes the lives for granted that the tasks at rest prove. Without ids, and
  /// of a process that can be read no more, what was read last has to do.
  void conclude() {
    for (Place place : places.all()) {
      boolean proven = place.proven == look;
      boolean assumed = place.assumed == look;
      for (int link = 0; (proven || assumed) && link < place.known.length; link++) {
        Known known = place.known[link];
        if (known != null && (proven || !known.trusted)) {
          known.vouch(look);
        }
      }
    }
  }
}
