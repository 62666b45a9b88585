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
import java.util.Arrays;
import java.util.Optional;

/// The record as a syslog message (RFC 5424) of the facility local0, one on one line: all that it
/// tells as structured data, and a sentence for people.
public final class SyslogFormat implements EventFormat {
  /// Of our structured data. The number is the one that RFC 5612 sets aside for examples, until
  /// nsmon has one of its own.
  static final String ID = "nsmon@32473";

  private static final int LOCAL0 = 16 << 3;
  private static final int LONGEST_HOST = 255;
  private static final byte[] BOM = "\ufeff".getBytes(UTF_8);

  private final Host host;
  private final String stream;
  private final String name;
  private final Optional<EventFormat> inner;

  // The same in each record, but for the boot after a reboot.
  private final String streamParameter;
  private final String hostParameters;

  /// @param stream the stream that the numbers belong to
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

  /// The same for messages that are lines of another format, without structured data.
  public SyslogFormat carrying(EventFormat other) {
    return new SyslogFormat(host, stream, Optional.of(other));
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    if (inner.isPresent()) {
      String head =
          header(event.kind(), Severity.of(event), Rfc3339.utc(event.sighting().time())) + " - ";
      out.write(head.getBytes(UTF_8));
      inner.get().write(seq, event, out);
    } else {
      // Each for itself: as one text, the mark between them would double the size of all.
      byte[] data = data(seq, event).getBytes(UTF_8);
      byte[] sentence = (Summary.of(event) + '\n').getBytes(UTF_8);
      byte[] line = Arrays.copyOf(data, data.length + BOM.length + sentence.length);
      System.arraycopy(BOM, 0, line, data.length, BOM.length);
      System.arraycopy(sentence, 0, line, data.length + BOM.length, sentence.length);
      out.write(line);
    }
  }

  /// All but the sentence for people.
  private String data(long seq, NamespaceEvent event) {
    StringBuilder line = new StringBuilder(600);
    line.append(header(event.kind(), Severity.of(event), Rfc3339.utc(event.sighting().time())));
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

  /// All that stands before the structured data.
  private String header(Kind kind, Severity severity, String time) {
    int number =
        switch (severity) {
          case INFORMATIONAL -> 6;
          case MEDIUM -> 4;
          case HIGH -> 3;
          case CRITICAL -> 2;
        };
    return "<" + (LOCAL0 + number) + ">1 " + time + " " + name + " nsmon - " + messageId(kind);
  }

  private static String messageId(Kind kind) {
    return switch (kind) {
      case NAMESPACE_CREATED -> "NSCREATE";
      case PROCESS_JOINED -> "NSJOIN";
      case PROCESS_LEFT -> "NSLEAVE";
      case NAMESPACE_DESTROYED -> "NSDESTROY";
      case SYNCED -> "NSSYNC";
      case EVENTS_LOST -> "NSLOST";
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

  /// RFC 5424, section 6: printable ASCII without blanks, at most so much, or a dash.
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
