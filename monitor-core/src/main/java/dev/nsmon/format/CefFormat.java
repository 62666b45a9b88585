package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.container.Container;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Severity;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;

/// Formats a record in the Common Event Format (ArcSight, implementation standard, format version
/// 0), one per line. Values use the format's own keys if it has one for them. Namespaces and
/// containers use its free strings (`cs1` and so on) with labels.
public final class CefFormat implements EventFormat {
  private final String head;

  // Constant parts of each record.
  private final String hostFields;
  private final String streamFields;

  /// @param stream the stream that the sequence numbers belong to
  /// @param version version of nsmon
  public CefFormat(Host host, String stream, String version) {
    this.head = "CEF:0|nsmon|nsmon|" + header(version) + "|";
    StringBuilder ofHost = new StringBuilder();
    Pairs about = new Pairs((name, value) -> text(ofHost, name, value));
    about.put("dvchost", host.name());
    about.put("deviceExternalId", host.id());
    this.hostFields = ofHost.toString();
    StringBuilder ofStream = new StringBuilder();
    text(ofStream, "cs6Label", "stream");
    text(ofStream, "cs6", stream);
    this.streamFields = ofStream.toString();
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder(600);
    line.append(head)
        .append(event.kind())
        .append('|')
        .append(name(event))
        .append('|')
        .append(severity(event))
        .append("|rt=")
        .append(event.sighting().time().toEpochMilli());
    event.sighting().notBefore().ifPresent(time -> key(line, "start").append(time.toEpochMilli()));
    key(line.append(hostFields), "externalId").append(seq);
    Pairs about = new Pairs((name, value) -> text(line, name, value));
    Pairs pairs = new Pairs((name, value) -> put(line, name, value));
    pairs.of(event);
    event.task().ifPresent(task -> process(line, about, pairs, task));
    // Summary.of() has applied Escape already.
    escape(key(line.append(streamFields), "msg"), Summary.of(event));
    out.write(line.append('\n').toString().getBytes(UTF_8));
  }

  private static StringBuilder key(StringBuilder line, String key) {
    return line.append(' ').append(key).append('=');
  }

  private static void text(StringBuilder line, String key, String value) {
    escape(key(line, key), Escape.text(value));
  }

  /// Escapes for an extension value; a backslash from [Escape] is escaped as any other.
  private static void escape(StringBuilder line, String text) {
    if (text.indexOf('=') < 0 && text.indexOf('\\') < 0) {
      line.append(text);
      return;
    }
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' || c == '=') {
        line.append(text, copied, i).append('\\');
        copied = i;
      }
    }
    line.append(text, copied, text.length());
  }

  private static String header(String text) {
    return Escape.text(text).replace("\\", "\\\\").replace("|", "\\|");
  }

  /// Writes a pair under the format's key for it, or in a free string with its label. A pair
  /// without either is omitted.
  private static void put(StringBuilder line, String name, String value) {
    switch (name) {
      case "cause" -> text(line, "act", value);
      case "evidence", "attention" -> text(line, "reason", value);
      case "nsType" -> text(line, "cat", value);
      case "count" -> text(line, "cnt", value);
      case "unit", "containerName" -> text(line, "sourceServiceName", value);
      case "nsKey" -> labelled(line, "cs1", name, value);
      case "nsName" -> labelled(line, "cs2", name, value);
      case "containerId" -> labelled(line, "cs3", name, value);
      case "fromKey" -> labelled(line, "cs4", name, value);
      case "podUid" -> labelled(line, "cs5", name, value);
      case "lifetimeMillis" -> labelled(line, "cn1", name, value);
      case "nsOwner" -> labelled(line, "flexString1", name, value);
      case "nsParent" -> labelled(line, "flexString2", name, value);
      default -> {}
    }
  }

  private static void labelled(StringBuilder line, String key, String label, String value) {
    line.append(' ').append(key).append("Label=").append(label);
    text(line, key, value);
  }

  private static void process(StringBuilder line, Pairs own, Pairs pairs, Task task) {
    ProcessInfo info = task.info();
    key(line, "spid").append(task.pid());
    own.put("sproc", info.comm());
    own.put("filePath", info.exe());
    own.put("suid", info.uid() == -1 ? "" : Integer.toUnsignedString(info.uid()));
    pairs.container(Container.of(info));
  }

  private static String name(NamespaceEvent event) {
    return switch (event) {
      case Created _ -> "Namespace created";
      case Joined _ -> "Process joined namespaces";
      case Left _ -> "Process ended in namespaces";
      case Destroyed _ -> "Namespace destroyed";
      case Synced _ -> "State complete";
      case EventsLost _ -> "Events lost";
      case Other other -> other.word().toString();
    };
  }

  /// The severity in CEF's scale from 0 to 10.
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
