package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonLine;
import dev.nsmon.format.JsonReader;
import dev.nsmon.format.TextFormat;
import dev.nsmon.kafka.KafkaTail;
import dev.nsmon.kafka.Received;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Writes the records of other hosts as lines: text with the host's name, JSON as it was received,
/// or a conversion to another format. Used by one thread.
final class FleetSink implements KafkaTail.Receiver {
  /// Bounds the memory for [#formats] when hosts are replaced all the time.
  private static final int MOST_FORMATS = 10_000;

  private final OutputStream out;
  private final RecordChoice choice;
  private final TextFormat text;
  private final Predicate<Host> hosts;
  private final EventFilter filter;
  private final Map<Origin, EventFormat> formats = new HashMap<>();
  private final JsonLine json = new JsonLine();
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(16 * 1024);
  private long remaining;

  /// What a format depends on.
  private record Origin(Host host, String stream) {}

  /// @param hosts selects hosts
  /// @param filter selects events
  /// @param limit how many records to write; control records are not counted
  FleetSink(
      OutputStream out,
      RecordChoice choice,
      TextFormat text,
      Predicate<Host> hosts,
      EventFilter filter,
      long limit) {
    this.out = out;
    this.choice = choice;
    this.text = text;
    this.hosts = hosts;
    this.filter = filter;
    this.remaining = limit;
  }

  @Override
  public boolean take(List<Received<JsonReader.Told>> records) throws IOException {
    batch.reset();
    for (Received<JsonReader.Told> one : records) {
      JsonReader.Told told = one.told();
      if (remaining > 0 && hosts.test(told.host()) && filter.passes(told.event())) {
        write(one);
        remaining -= told.event().kind().isControl() ? 0 : 1;
      }
    }
    if (batch.size() > 0) {
      batch.writeTo(out);
    }
    return remaining > 0;
  }

  private void write(Received<JsonReader.Told> one) throws IOException {
    if (choice == RecordChoice.JSON) {
      batch.writeBytes(json.of(one.json()));
      batch.write('\n');
      return;
    }
    if (formats.size() >= MOST_FORMATS) {
      formats.clear();
    }
    JsonReader.Told told = one.told();
    formats
        .computeIfAbsent(new Origin(told.host(), told.stream()), this::format)
        .write(told.seq(), told.event(), batch);
  }

  private EventFormat format(Origin origin) {
    return choice.format(origin.host(), origin.stream(), text.of(origin.host()));
  }
}
