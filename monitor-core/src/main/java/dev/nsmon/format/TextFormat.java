package dev.nsmon.format;

import dev.nsmon.container.Container;
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
import dev.nsmon.format.Style.Colour;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Formats a record as one line for people: time of day, kind of event, process, namespaces,
/// container.
///
/// ```
/// 14:03:07.120 created   4711 nginx           net:[4026532177]  docker:3f2a91c0d5e1
/// 14:03:09.120 joined    4711 nginx           net:[4026531840] → net:[4026532177]
/// 14:03:10.120 destroyed 4711 nginx           net:[4026532177]  after 3.0 s, kernel-id-gone
/// ```
public final class TextFormat implements EventFormat {
  private static final int PROCESS_WIDTH = 21;
  private static final int HOLDERS = 2;

  private static final int HOST_WIDTH = 12;

  private final Style style;
  private final ZoneId zone;

  /// The host's name, padded, for the column after the time; empty if all lines are about one host.
  private final String host;

  private final boolean dated;

  public TextFormat(Style style, ZoneId zone) {
    this(style, zone, "", false);
  }

  private TextFormat(Style style, ZoneId zone, String host, boolean dated) {
    this.style = style;
    this.zone = zone;
    this.host = host;
    this.dated = dated;
  }

  /// A copy that writes the date before the time, for lines of several days.
  public TextFormat withDate() {
    return new TextFormat(style, zone, host, true);
  }

  /// A copy that adds the name of this host to each line, for output about several hosts.
  public TextFormat of(Host one) {
    String name = style.show(Escape.text(one.shown()));
    return new TextFormat(
        style, zone, name + " ".repeat(Math.max(0, HOST_WIDTH - name.length())) + " ", dated);
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    String line = line(event);
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private String line(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          line(
              event,
              Colour.GREEN,
              "created",
              created.process(),
              created.namespace().name(),
              created.process().isPresent() ? "" : heldBy(created.holders()));
      case Joined joined ->
          line(
              event,
              joined.attention().isEmpty() ? Colour.CYAN : Colour.RED,
              "joined",
              Optional.of(joined.process()),
              places(joined.namespaces()),
              remark(joined));
      case Left left ->
          line(
              event,
              Colour.YELLOW,
              "left",
              Optional.of(left.process()),
              String.join(" ", left.namespaces().stream().map(Namespace::name).toList()),
              "");
      case Destroyed destroyed ->
          line(
              event,
              Colour.RED,
              "destroyed",
              destroyed.process(),
              destroyed.namespace().name(),
              ending(destroyed));
      case Synced synced -> line(event, Colour.DIM, "synced", counts(synced));
      case EventsLost lost -> line(event, Colour.RED, "lost", lost(lost));
      case Other other ->
          line(
              event,
              Colour.DIM,
              other.word().toString(),
              other.process(),
              String.join(" ", other.namespaces().stream().map(Namespace::name).toList()),
              "(not known to this version)");
    };
  }

  private String line(
      NamespaceEvent event,
      Colour colour,
      String what,
      Optional<Task> process,
      String namespaces,
      String remark) {
    StringBuilder rest = new StringBuilder(process.map(TextFormat::process).orElse(""));
    // At least one blank, even if the name is longer than its column.
    rest.repeat(' ', Math.max(1, PROCESS_WIDTH - rest.length())).append(namespaces);
    String container =
        process.flatMap(task -> Container.of(task.info()).label()).map(Escape::text).orElse("");
    for (String more : List.of(remark, container)) {
      if (!more.isEmpty()) {
        rest.append("  ").append(more);
      }
    }
    return line(event, colour, what, rest.toString());
  }

  private String line(NamespaceEvent event, Colour colour, String what, String rest) {
    Instant time = event.sighting().time();
    String date = dated ? Rfc3339.date(time, zone) + " " : "";
    return style.paint(Colour.DIM, date + Rfc3339.timeOfDay(time, zone))
        + ' '
        + host
        + style.paint(colour, what)
        + " ".repeat(Math.max(1, 10 - what.length()))
        + style.show(rest);
  }

  /// A process for display: `4711 nginx`, a thread as `4711/4713 worker`.
  static String process(Task task) {
    String pid = task.tid() == 0 ? "" + task.pid() : task.pid() + "/" + task.tid();
    return task.info().comm().isEmpty() ? pid : pid + " " + Escape.text(task.info().comm());
  }

  /// The cause and the reasons for attention: `setns ! joined-host-mnt-namespace`.
  private static String remark(Joined joined) {
    StringBuilder text = new StringBuilder(joined.cause().map(Cause::toString).orElse(""));
    String separator = text.isEmpty() ? "! " : "  ! ";
    for (Attention attention : joined.attention()) {
      text.append(separator).append(attention);
      separator = ", ";
    }
    return text.toString();
  }

  private String places(List<Place> places) {
    StringBuilder text = new StringBuilder();
    for (Place place : places) {
      text.append(text.isEmpty() ? "" : " ");
      place.from().ifPresent(from -> text.append(from.name()).append(" → "));
      text.append(place.namespace().name());
    }
    return text.toString().replace("→", style.arrow());
  }

  private static String ending(Destroyed destroyed) {
    String age =
        destroyed.lifetimeMillis().isEmpty()
            ? ""
            : "after " + duration(destroyed.lifetimeMillis().getAsLong()) + ", ";
    return age + destroyed.evidence();
  }

  private static String duration(long millis) {
    long seconds = millis / 1000;
    if (seconds == 0) {
      return millis + " ms";
    }
    if (seconds < 60) {
      return seconds + "." + millis % 1000 / 100 + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  private static String counts(Synced synced) {
    int total = synced.namespaces().values().stream().mapToInt(Integer::intValue).sum();
    return total
        + " namespaces, "
        + synced.processes()
        + " processes"
        + (synced.unreadable() == 0 ? "" : " (" + synced.unreadable() + " unreadable)");
  }

  private static String lost(EventsLost lost) {
    String what = lost.where().countsNamespaces() ? " unseen namespaces" : " events";
    String count =
        lost.count().isPresent() ? lost.count().getAsLong() + what : "unknown number of" + what;
    String numbers =
        lost.first().isPresent() && lost.last().isPresent()
            ? ", seq " + lost.first().getAsLong() + " to " + lost.last().getAsLong()
            : "";
    return count + " (" + lost.where() + numbers + ")";
  }

  /// A short list of holders: `mount /run/netns/blue, fd 12/3, 5 more`.
  static String heldBy(List<Holder> holders) {
    List<String> shown =
        new ArrayList<>(holders.stream().limit(HOLDERS).map(TextFormat::heldBy).toList());
    if (holders.size() > HOLDERS) {
      shown.add(holders.size() - HOLDERS + " more");
    }
    return String.join(", ", shown);
  }

  private static String heldBy(Holder holder) {
    return switch (holder) {
      case Holder.Mount mount -> "mount " + Escape.text(mount.path());
      case Holder.Descriptor descriptor -> "fd " + descriptor.pid() + "/" + descriptor.fd();
      case Holder.Socket socket -> "socket " + socket.pid() + "/" + socket.fd();
      case Holder.StrayThread thread -> "thread " + thread.pid() + "/" + thread.tid();
      case Holder.ForChildren process -> "for children of " + process.pid();
      case Holder.Child child -> Escape.text(child.key());
    };
  }
}
