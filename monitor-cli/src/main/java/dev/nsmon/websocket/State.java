package dev.nsmon.websocket;

import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.log.Entry;
import dev.nsmon.log.Present;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// State of the host at one position of the stream: records without a number, and a `synced` with
/// the number. It is encoded once for each framing and shared by clients. Any thread.
final class State {
  private final long seq;
  private final List<Entry> entries;
  private final Entry synced;
  private final Map<Framing, List<Segment>> encoded = new EnumMap<>(Framing.class);

  /// Set by [#close], never reset. While true, nothing is kept encoded. Guarded by this object.
  private boolean closed;

  State(Present present, boolean includeInitial) {
    this.seq = present.seq();
    Synced end = SnapshotDiff.synced(present.snapshot());
    this.synced = new Entry(seq, end);
    this.entries = new ArrayList<>();
    for (NamespaceEvent event : HostState.of(present.snapshot(), includeInitial).events()) {
      entries.add(new Entry(0, asBaseline(event)));
    }
    entries.add(synced);
  }

  /// The event with source `baseline`. A namespace whose creation was observed keeps the time of
  /// that, but its record in a state is no new event.
  private static NamespaceEvent asBaseline(NamespaceEvent event) {
    if (event instanceof Created created && created.sighting().source() != Source.BASELINE) {
      Sighting seen = created.sighting();
      return new Created(
          new Sighting(seen.time(), seen.notBefore(), Source.BASELINE, seen.earlierBoot()),
          created.namespace(),
          created.process(),
          created.holders());
    }
    return event;
  }

  /// Number of the last event that it includes.
  long seq() {
    return seq;
  }

  /// All frames, with references for the caller.
  synchronized List<Segment> all(Framing framing, FrameEncoder encoder) {
    List<Segment> segments = encoded.get(framing);
    if (segments == null) {
      segments = encode(encoder);
      if (closed) {
        return segments;
      }
      encoded.put(framing, segments);
    }
    segments.forEach(Segment::retain);
    return segments;
  }

  private List<Segment> encode(FrameEncoder encoder) {
    int[] told = {0};
    return Segment.of(
        encoder,
        entries,
        entry -> {
          if (entry == synced) {
            encoder.encode(entry);
          } else {
            encoder.encodeUnnumbered(seq + "/" + told[0]++, entry.event());
          }
        });
  }

  /// The frame of its `synced` only, with a reference for the caller.
  List<Segment> synced(FrameEncoder encoder) {
    return Segment.of(encoder, List.of(synced), encoder::encode);
  }

  /// Releases the frames. Their memory is freed once no client is being sent them.
  synchronized void close() {
    closed = true;
    encoded.values().forEach(segments -> segments.forEach(Segment::release));
    encoded.clear();
  }
}
