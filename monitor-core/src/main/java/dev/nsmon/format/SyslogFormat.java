package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.container.Container;
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
import java.util.Arrays;
import java.util.Optional;

/// Formats a record as a syslog message (RFC 5424) of facility local0, one per line: all values as
/// structured data, then a sentence for people.
public final class SyslogFormat implements EventFormat {
  /// The id of the structured data. Its enterprise number is the one that RFC 5612 reserves for
  /// examples, until nsmon has one.
  static final String ID = "nsmon@32473";

  private static final int LOCAL0 = 16 << 3;
  private static final int LONGEST_HOST = 255;
  private static final byte[] BOM = "\ufeff".getBytes(UTF_8);

  private final Host host;
  private final String stream;
  private final String name;
  private final Optional<EventFormat> inner;

  // Constant parts of each record; the host's differ for an event of an earlier boot.
  private final String streamParameter;
  private final String hostParameters;

  /// @param stream the stream that the sequence numbers belong to
  public SyslogFormat(Host host, String stream) {
    this(host, stream, Optional.empty());
  }

  private SyslogFormat(Host host, String stream, Optional<EventFormat> inner) {
    this.host = host;
    this.stream = stream;
    this.name = printable(host.shown());
    this.inner = inner;
    StringBuilder ofStream = new StringBuilder();
    new Pairs((key, value) -> parameter(ofStream, key, value)).put("stream", stream);
    this.streamParameter = ofStream.toString();
    this.hostParameters = hostParameters(host.bootId());
  }

  private String hostParameters(String bootId) {
    StringBuilder line = new StringBuilder();
    Pairs pairs = new Pairs((key, value) -> parameter(line, key, value));
    pairs.put("hostId", host.id());
    pairs.put("bootId", bootId);
    return line.toString();
  }

  /// A copy whose messages are lines of another format, without structured data.
  public SyslogFormat carrying(EventFormat other) {
    return new SyslogFormat(host, stream, Optional.of(other));
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    if (inner.isPresent()) {
      String head = header(event, Severity.of(event), Rfc3339.utc(event.sighting().time())) + " - ";
      out.write(head.getBytes(UTF_8));
      inner.get().write(seq, event, out);
    } else {
      // Encoded separately: in one string, the byte order mark would force two bytes per character.
      byte[] data = data(seq, event).getBytes(UTF_8);
      byte[] sentence = (Summary.of(event) + '\n').getBytes(UTF_8);
      byte[] line = Arrays.copyOf(data, data.length + BOM.length + sentence.length);
      System.arraycopy(BOM, 0, line, data.length, BOM.length);
      System.arraycopy(sentence, 0, line, data.length + BOM.length, sentence.length);
      out.write(line);
    }
  }

  /// The message up to the sentence for people.
  private String data(long seq, NamespaceEvent event) {
    StringBuilder line = new StringBuilder(600);
    line.append(header(event, Severity.of(event), Rfc3339.utc(event.sighting().time())));
    line.append(" [").append(ID).append(streamParameter);
    Pairs pairs = new Pairs((key, value) -> parameter(line, key, value));
    pairs.put("seq", "" + seq);
    pairs.put("kind", event.kind().toString());
    pairs.put("source", event.sighting().source().toString());
    event.sighting().notBefore().ifPresent(time -> pairs.put("notBefore", Rfc3339.utc(time)));
    line.append(event.sighting().earlierBoot().map(this::hostParameters).orElse(hostParameters));
    pairs.of(event);
    event.task().ifPresent(task -> process(pairs, task));
    return line.append("] ").toString();
  }

  /// The header of the message (RFC 5424, section 6.2).
  private String header(NamespaceEvent event, Severity severity, String time) {
    int number =
        switch (severity) {
          case INFORMATIONAL -> 6;
          case MEDIUM -> 4;
          case HIGH -> 3;
          case CRITICAL -> 2;
        };
    return "<" + (LOCAL0 + number) + ">1 " + time + " " + name + " nsmon - " + messageId(event);
  }

  private static String messageId(NamespaceEvent event) {
    return switch (event) {
      case Created _ -> "NSCREATE";
      case Joined _ -> "NSJOIN";
      case Left _ -> "NSLEAVE";
      case Destroyed _ -> "NSDESTROY";
      case Synced _ -> "NSSYNC";
      case EventsLost _ -> "NSLOST";
      case Other _ -> "NSOTHER";
    };
  }

  private static void process(Pairs pairs, Task task) {
    ProcessInfo info = task.info();
    pairs.put("pid", "" + task.pid());
    pairs.put("tid", task.tid() == 0 ? "" : "" + task.tid());
    pairs.put("startTicks", info.startTicks() < 0 ? "" : "" + info.startTicks());
    pairs.put("ppid", info.ppid() < 0 ? "" : "" + info.ppid());
    pairs.put("comm", info.comm());
    pairs.put("exe", info.exe());
    pairs.put("uid", info.uid() == -1 ? "" : Integer.toUnsignedString(info.uid()));
    pairs.container(Container.of(info));
  }

  private static void parameter(StringBuilder line, String name, String value) {
    line.append(' ').append(name).append("=\"");
    String shown = Escape.text(value);
    int copied = 0;
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (c == '"' || c == '\\' || c == ']') {
        line.append(shown, copied, i).append('\\');
        copied = i;
      }
    }
    line.append(shown, copied, shown.length()).append('"');
  }

  /// A host name for the header (RFC 5424, section 6): printable ASCII without blanks, at most
  /// [#LONGEST_HOST] characters; `-` if nothing remains.
  private static String printable(String text) {
    String shown =
        text.codePoints()
            .filter(c -> c > ' ' && c < 0x7f)
            .limit(LONGEST_HOST)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return shown.isEmpty() ? "-" : shown;
  }
}
