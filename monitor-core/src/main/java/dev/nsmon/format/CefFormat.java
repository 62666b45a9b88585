package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.container.Container;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.Severity;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// The record in the Common Event Format (ArcSight, implementation standard, format version 0), one
/// on one line. What the format has a key for has that key; namespaces and containers are in the
/// strings that are free for it, with their labels.
public final class CefFormat implements EventFormat {
  /// Our pairs that have a key of their own.
  private static final Map<String, String> KEYS =
      Map.of(
          "cause", "act",
          "evidence", "reason",
          "attention", "reason",
          "nsType", "cat",
          "count", "cnt",
          "unit", "sourceServiceName");

  /// Our pairs that are in a free string, and in which.
  private static final Map<String, String> STRINGS =
      Map.of(
          "nsKey", "cs1",
          "nsName", "cs2",
          "containerId", "cs3",
          "fromKey", "cs4",
          "podUid", "cs5",
          "lifetimeMillis", "cn1",
          "nsOwner", "flexString1",
          "nsParent", "flexString2");

  private final Host host;
  private final String stream;
  private final String head;

  /// @param stream the stream that the numbers belong to
  /// @param version of this program
  public CefFormat(Host host, String stream, String version) {
    this.host = host;
    this.stream = stream;
    this.head = "CEF:0|nsmon|nsmon|" + header(version) + "|";
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    Map<String, String> extension = new LinkedHashMap<>();
    extension.put("rt", "" + event.sighting().time().toEpochMilli());
    event
        .sighting()
        .notBefore()
        .ifPresent(time -> extension.put("start", "" + time.toEpochMilli()));
    Pairs about = new Pairs(extension::put);
    about.put("dvchost", host.name());
    about.put("deviceExternalId", host.id());
    about.put("externalId", "" + seq);
    new Pairs((name, value) -> put(extension, name, value)).of(event);
    event.task().ifPresent(task -> process(extension, task));
    extension.put("cs6Label", "stream");
    extension.put("cs6", stream);
    extension.put("msg", Summary.of(event));
    StringBuilder line = new StringBuilder(500);
    line.append(head)
        .append(event.kind())
        .append('|')
        .append(name(event.kind()))
        .append('|')
        .append(severity(event))
        .append('|');
    String blank = "";
    for (Map.Entry<String, String> pair : extension.entrySet()) {
      line.append(blank).append(pair.getKey()).append('=').append(value(pair));
      blank = " ";
    }
    out.write(line.append('\n').toString().getBytes(UTF_8));
  }

  /// The sentence is fit to be shown already. A backslash of [Escape] is one of the text here.
  private static String value(Map.Entry<String, String> pair) {
    String text = pair.getKey().equals("msg") ? pair.getValue() : Escape.text(pair.getValue());
    return text.replace("\\", "\\\\").replace("=", "\\=");
  }

  private static String header(String text) {
    return Escape.text(text).replace("\\", "\\\\").replace("|", "\\|");
  }

  private static void put(Map<String, String> extension, String name, String value) {
    String key = KEYS.get(name);
    String string = STRINGS.get(name);
    if (key != null) {
      extension.put(key, value);
    } else if (string != null) {
      extension.put(string + "Label", name);
      extension.put(string, value);
    }
  }

  private static void process(Map<String, String> extension, Task task) {
    ProcessInfo info = task.info();
    Pairs pairs = new Pairs((name, value) -> put(extension, name, value));
    extension.put("spid", "" + task.pid());
    Pairs own = new Pairs(extension::put);
    own.put("sproc", info.comm());
    own.put("filePath", info.exe());
    own.put("suid", info.uid() == -1 ? "" : Integer.toUnsignedString(info.uid()));
    pairs.container(Container.ofCgroup(info.cgroup()));
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case NAMESPACE_CREATED -> "Namespace created";
      case PROCESS_JOINED -> "Process joined namespaces";
      case PROCESS_LEFT -> "Process ended in namespaces";
      case NAMESPACE_DESTROYED -> "Namespace destroyed";
      case SYNCED -> "State complete";
      case EVENTS_LOST -> "Events lost";
    };
  }

  /// 0 to 10.
  private static int severity(NamespaceEvent event) {
    return switch (Severity.of(event)) {
      case INFORMATIONAL ->
          event.kind() == Kind.PROCESS_LEFT || event.kind() == Kind.SYNCED ? 1 : 3;
      case MEDIUM -> 6;
      case HIGH -> 8;
      case CRITICAL -> 10;
    };
  }
}
