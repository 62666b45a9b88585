package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.ModelNamespaces.Ns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What is to be told of a [ModelHost], record by record, in the words of [Records].
final class ModelStory {

  /// What one record is to tell: changes, and the keys of what has ended by losing its inode; both
  /// sorted.
  record Expected(List<String> changes, List<String> ends) {}

  private final boolean all;
  private final List<Expected> expected = new ArrayList<>();
  private List<String> changes = new ArrayList<>();
  private List<String> ends = new ArrayList<>();

  /// @param all whether processes in the initial namespaces are told too
  ModelStory(boolean all) {
    this.all = all;
  }

  /// A namespace was made, with the inode that another had once; null if none had.
  void made(Ns ns, Ns old) {
    if (old != null) {
      ends.add(old.key());
    }
    changes.add("created " + ns.key());
  }

  void forked(int pid, Map<NamespaceType, Ns> places) {
    if (!telling(places).isEmpty()) {
      changes.add("joined " + pid + words(telling(places), places, places) + " by " + Cause.FORK);
    }
  }

  void moved(int pid, Map<NamespaceType, Ns> before, Map<NamespaceType, Ns> places, Cause cause) {
    Set<NamespaceType> types = telling(places);
    places.keySet().stream()
        .filter(type -> before.get(type) != places.get(type))
        .forEach(types::add);
    changes.add("joined " + pid + words(types, places, before) + " by " + cause);
  }

  void exited(int pid, Map<NamespaceType, Ns> places) {
    if (!telling(places).isEmpty()) {
      changes.add("left " + pid + words(telling(places), places, places));
    }
  }

  /// A record was made of all that has happened since the one before.
  void recorded() {
    expected.add(new Expected(changes.stream().sorted().toList(), ends.stream().sorted().toList()));
    forget();
  }

  /// What has happened was before the first record.
  void forget() {
    changes = new ArrayList<>();
    ends = new ArrayList<>();
  }

  /// What each record was to tell since this was asked last.
  List<Expected> take() {
    List<Expected> taken = List.copyOf(expected);
    expected.clear();
    return taken;
  }

  /// Keys of those that are worth telling.
  Set<String> keys(Collection<Ns> of) {
    Set<String> keys = new TreeSet<>();
    of.stream().filter(this::tells).forEach(ns -> keys.add(ns.key()));
    return keys;
  }

  /// The types whose namespaces are worth telling.
  Set<NamespaceType> telling(Map<NamespaceType, Ns> places) {
    Set<NamespaceType> types = new TreeSet<>();
    places.values().stream().filter(this::tells).forEach(ns -> types.add(ns.type));
    return types;
  }

  private boolean tells(Ns ns) {
    return all || ns.number != 0;
  }

  private static String words(
      Set<NamespaceType> types, Map<NamespaceType, Ns> places, Map<NamespaceType, Ns> before) {
    StringBuilder words = new StringBuilder();
    for (NamespaceType type : types) {
      Ns from = before.get(type);
      Ns now = places.get(type);
      words.append(' ').append(now.key()).append(from == now ? "" : "<" + from.key());
    }
    return words.toString();
  }
}
