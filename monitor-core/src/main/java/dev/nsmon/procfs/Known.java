package dev.nsmon.procfs;

import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.Task;
import java.util.Arrays;
import java.util.List;

/// A namespace that the scanner knows to exist, with what it remembers of it from look to look.
/// Times are look numbers.
final class Known {
  Namespace namespace;

  /// Ticks since boot when it was first seen.
  final long seenTicks;

  /// Whether its handle has opened once, so that a stale one proves its end.
  boolean trusted;

  /// The look that discovered it.
  final int discovered;

  /// The last look that has proof of its life.
  int vouched;

  /// Seen between two looks, as what another belongs to, before any record named it.
  boolean seenInPassing;

  /// Whether it has no id, is from an earlier run, and nobody is left of those who were in it.
  boolean unshown;

  /// Whether a task has ever been in it, as far as is known.
  private boolean hadMembers;

  /// In how many places that tasks share it is one of the memberships.
  private int places;

  /// In how many it is what the tasks there have for their children.
  private int nurseries;

  /// Whether what holds it has been searched for since it lost its last member.
  boolean searched;

  /// Found gone in this look.
  boolean gone;

  /// Its end has been told.
  boolean ended;

  Known parent;
  Known owner;

  /// How many namespaces have it as their parent or owner.
  int children;

  /// Last task seen in it; null before the first.
  Task lastMember;

  /// What the last search found to hold it.
  List<Holder> found = List.of();

  Known(Namespace namespace, int discovered, long seenTicks) {
    this.namespace = namespace;
    this.discovered = discovered;
    this.seenTicks = seenTicks;
  }

  /// Whether a task is in it. A zombie is in its pid and user namespace only.
  boolean hasMembers() {
    return places > 0;
  }

  /// Whether a task is in it, or makes its children in it, and so keeps it.
  boolean isKept() {
    return places > 0 || nurseries > 0;
  }

  /// Whether it is as good as new: whoever is first in it has made it.
  private boolean isUnentered() {
    return seenInPassing && !hadMembers;
  }

  /// It lives in this look, and so does what it needs to live: its parents and owners.
  void vouch(int look) {
    for (Known at = this; at != null && at.vouched != look; at = at.parent) {
      at.vouched = look;
      if (at.owner != null && at.owner != at.parent) {
        at.owner.vouch(look);
      }
    }
  }

  /// A set of namespaces that tasks share, with what is known of each.
  static final class Place {
    final NamespaceSet set;

    /// One for each link, null where it is unknown.
    final Known[] known;

    /// The last look with proof that all of these live: a task sat here that has not run.
    int proven;

    /// The last look in which a task was here as far as can be read, or was when it last could be.
    int assumed;

    /// How many rows there are that name this place.
    private int rows;

    /// What is left of it to a zombie; null before the first.
    private Place remains;

    Place(Known[] known) {
      this.known = known;
      Namespace[] namespaces = new Namespace[NamespaceLink.COUNT];
      for (int link = 0; link < NamespaceLink.COUNT; link++) {
        namespaces[link] = known[link] == null ? null : known[link].namespace;
      }
      this.set = new NamespaceSet(namespaces);
    }

    /// A row names this place now.
    void enter() {
      if (rows++ == 0) {
        count(1);
      }
    }

    /// A row names it no more.
    void leave() {
      if (--rows == 0) {
        count(-1);
      }
    }

    private void count(int by) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (known[link] != null) {
          known[link].places += by;
          known[link].hadMembers = true;
        }
      }
      for (int link = NamespaceLink.MEMBERSHIPS; link < NamespaceLink.COUNT; link++) {
        if (known[link] != null) {
          known[link].nurseries += by;
        }
      }
    }

    boolean isUsed() {
      return rows > 0;
    }

    /// How many rows there are that name it.
    int rows() {
      return rows;
    }

    /// Where a zombie of this place is until it is reaped: in its pid and its user namespace.
    Place remains() {
      if (remains == null) {
        Known[] kept = new Known[NamespaceLink.COUNT];
        kept[NamespaceLink.PID.ordinal()] = known[NamespaceLink.PID.ordinal()];
        kept[NamespaceLink.USER.ordinal()] = known[NamespaceLink.USER.ordinal()];
        remains = new Place(kept);
      }
      return remains;
    }

    boolean has(Known one) {
      return Arrays.asList(known).contains(one);
    }

    /// Whether these are the inodes behind its links; an unreadable link is an unknown one.
    boolean isAt(long[] inodes) {
      for (int link = 0; link < NamespaceLink.COUNT; link++) {
        if (Math.max(inodes[link], 0) != set.inode(link)) {
          return false;
        }
      }
      return true;
    }

    /// The inodes behind its links, 0 where it is unknown.
    long[] inodes() {
      long[] inodes = new long[NamespaceLink.COUNT];
      for (int link = 0; link < NamespaceLink.COUNT; link++) {
        inodes[link] = set.inode(link);
      }
      return inodes;
    }

    /// Whether a membership differs from the other place's and is one of these, or nobody has been
    /// in it yet. To be asked before a row names the place.
    boolean hasNew(Place other, List<Namespace> born) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (known[link] != null
            && known[link] != other.known[link]
            && (born.contains(known[link].namespace) || known[link].isUnentered())) {
          return true;
        }
      }
      return false;
    }

    /// Whether one of these was never asked for its id.
    boolean hasUnasked() {
      for (Known one : known) {
        if (one != null && one.namespace.id() < 0) {
          return true;
        }
      }
      return false;
    }

    /// Whether the task's children will be in other pid or time namespaces than itself.
    boolean sendsChildrenElsewhere() {
      return differs(NamespaceLink.PID_FOR_CHILDREN, NamespaceLink.PID)
          || differs(NamespaceLink.TIME_FOR_CHILDREN, NamespaceLink.TIME);
    }

    private boolean differs(NamespaceLink children, NamespaceLink own) {
      Known there = known[children.ordinal()];
      return there != null && there != known[own.ordinal()];
    }

    /// Whether the life of one of these can't be asked by its handle and nothing else in this look
    /// has shown it.
    boolean isDoubtful(int look) {
      for (Known one : known) {
        if (one != null && !one.trusted && !one.namespace.initial() && one.vouched != look) {
          return true;
        }
      }
      return false;
    }

    /// Whether one of these is gone that was there before this look.
    boolean hasLost(int look) {
      for (Known one : known) {
        if (one != null && one.gone && one.discovered != look) {
          return true;
        }
      }
      return false;
    }

    boolean hasGone() {
      for (Known one : known) {
        if (one != null && one.gone) {
          return true;
        }
      }
      return false;
    }
  }
}
