package dev.nsmon.websocket;

import dev.nsmon.event.Attention;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.sink.Sink;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Sink that counts events for `/metrics`.
///
/// An event about namespaces of several types counts once for each type. Of a process that moved,
/// only the types count in which it moved.
public final class EventCounter implements Sink {
  private final Counter events =
      Counter.builder()
          .name("nsmon_events")
          .help(
              "Events told, by kind and type of namespace; one about several types counts for"
                  + " each.")
          .labelNames("kind", "type")
          .withoutExemplars()
          .build();
  private final Counter lost =
      Counter.builder()
          .name("nsmon_events_lost")
          .help("Events lost, by who lost them, as far as it is known how many.")
          .labelNames("where")
          .withoutExemplars()
          .build();
  private final Counter uncounted =
      Counter.builder()
          .name("nsmon_losses_uncounted")
          .help("Losses of which nobody knows how many events they were, by who lost them.")
          .labelNames("where")
          .withoutExemplars()
          .build();
  private final Counter attention =
      Counter.builder()
          .name("nsmon_attention")
          .help("Joins that deserve attention, by rule and severity.")
          .labelNames("rule", "severity")
          .withoutExemplars()
          .build();

  /// Counters by kind; for a change one for each namespace type, by ordinal.
  private final Map<Kind, CounterDataPoint[]> points = new HashMap<>();

  /// Number of the last record that was counted. Pump thread only.
  private long counted;

  public EventCounter() {
    NamespaceType[] types = NamespaceType.values();
    for (Kind kind : Kind.values()) {
      CounterDataPoint[] ofKind = new CounterDataPoint[kind.isControl() ? 1 : types.length];
      for (int i = 0; i < ofKind.length; i++) {
        ofKind[i] =
            events.labelValues(kind.toString(), kind.isControl() ? "" : types[i].kernelName());
      }
      points.put(kind, ofKind);
    }
    for (Attention.Whose whose : Attention.Whose.values()) {
      for (NamespaceType type : types) {
        Attention rule = new Attention(whose, type);
        attention.initLabelValues(rule.toString(), severity(rule));
      }
    }
    for (EventsLost.Where where : EventsLost.Where.values()) {
      lost.initLabelValues(where.toString());
      uncounted.initLabelValues(where.toString());
    }
  }

  void register(PrometheusRegistry registry) {
    registry.register(events);
    registry.register(lost);
    registry.register(uncounted);
    registry.register(attention);
  }

  @Override
  public Appetite write(List<Entry> entries) {
    for (Entry entry : entries) {
      // A restarted pump delivers some records again.
      if (entry.seq() > counted) {
        counted = entry.seq();
        count(entry.event());
      }
    }
    return Appetite.MORE;
  }

  private void count(NamespaceEvent event) {
    CounterDataPoint[] ofKind = points.get(event.kind());
    switch (event) {
      case Created created -> ofKind[created.namespace().type().ordinal()].inc();
      case Destroyed destroyed -> ofKind[destroyed.namespace().type().ordinal()].inc();
      case Left left -> {
        for (Namespace one : left.namespaces()) {
          ofKind[one.type().ordinal()].inc();
        }
      }
      case Joined joined -> {
        for (Attention rule : joined.attention()) {
          attention.labelValues(rule.toString(), severity(rule)).inc();
        }
        boolean moved = hasMoved(joined);
        for (Place place : joined.namespaces()) {
          if (!moved || place.from().isPresent()) {
            ofKind[place.namespace().type().ordinal()].inc();
          }
        }
      }
      case Synced _ -> ofKind[0].inc();
      case Other other -> events.labelValues(other.word().toString(), "").inc();
      case EventsLost loss -> {
        ofKind[0].inc();
        String where = loss.where().toString();
        if (loss.count().isPresent()) {
          lost.labelValues(where).inc(loss.count().getAsLong());
        } else {
          uncounted.labelValues(where).inc();
        }
      }
    }
  }

  private static String severity(Attention rule) {
    return rule.severity().name().toLowerCase(Locale.ROOT);
  }

  private static boolean hasMoved(Joined joined) {
    for (Place place : joined.namespaces()) {
      if (place.from().isPresent()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {}
}
