package dev.nsmon.format;

import dev.nsmon.event.Attention;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/// Describes a record in one sentence, for the message field of other formats; escaped.
final class Summary {
  private Summary() {}

  static String of(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          created.namespace().name()
              + " created"
              + event.task().map(task -> " by " + TextFormat.process(task)).orElse("");
      case Joined joined ->
          TextFormat.process(joined.process())
              + " joined "
              + names(joined.namespaces(), Summary::move)
              + joined.cause().map(cause -> " (" + cause + ")").orElse("")
              + attention(joined.attention());
      case Left left ->
          TextFormat.process(left.process())
              + " ended in "
              + names(left.namespaces(), Namespace::name);
      case Destroyed destroyed ->
          destroyed.namespace().name() + " destroyed (" + destroyed.evidence() + ")";
      case Synced synced ->
          "the state is complete: "
              + synced.namespaces().values().stream().mapToInt(Integer::intValue).sum()
              + " namespaces, "
              + synced.processes()
              + " processes";
      case Other other ->
          other.word()
              + other.process().map(task -> " " + TextFormat.process(task)).orElse("")
              + (other.namespaces().isEmpty() ? "" : " ")
              + names(other.namespaces(), Namespace::name);
      case EventsLost lost ->
          (lost.count().isPresent() ? lost.count().getAsLong() : "an unknown number of")
              + (lost.where().countsNamespaces() ? " unseen namespaces (" : " events lost (")
              + lost.where()
              + ")";
    };
  }

  private static String attention(List<Attention> attention) {
    return attention.isEmpty()
        ? ""
        : ", which deserves attention: "
            + names(
                attention,
                one -> one + one.technique().map(number -> " (" + number + ")").orElse(""));
  }

  private static String move(Place place) {
    return place.namespace().name() + place.from().map(from -> " from " + from.name()).orElse("");
  }

  private static <T> String names(List<T> all, Function<T, String> name) {
    if (all.size() == 1) {
      return name.apply(all.getFirst());
    }
    StringJoiner names = new StringJoiner(", ");
    for (T one : all) {
      names.add(name.apply(one));
    }
    return names.toString();
  }
}
