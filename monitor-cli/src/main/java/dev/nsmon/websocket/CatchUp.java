package dev.nsmon.websocket;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Brings a client to where the ring is: tells it the state, or reads for it from the log. Has a
/// virtual thread of its own, which waits while the client takes what it was given.
final class CatchUp implements Runnable {
  /// How many records are read at once: little, since they wait for one that may be slow.
  private static final int BATCH = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final EventStream stream;
  private final Client client;
  private final FrameEncoder encoder;

  /// What the client is told instead of records, before the state; null if it has a place.
  private final Beginning beginning;

  private long next;

  /// Where a client begins.
  ///
  /// @param lost whether to say first that nobody knows what it has missed
  /// @param resumed whether what the log has no more makes the state necessary
  private record Beginning(boolean lost, boolean state, boolean resumed, boolean baseline) {}

  private CatchUp(EventStream stream, Client client, Beginning beginning, long next) {
    this.stream = stream;
    this.client = client;
    this.encoder = stream.encoder(client.framing());
    this.beginning = beginning;
    this.next = next;
  }

  /// For one that has fallen behind: what the log has no more it is told to be lost.
  static void start(EventStream stream, Client client, long next) {
    start(new CatchUp(stream, client, new Beginning(false, false, false, false), next));
  }

  /// For one that has a place: if the log does not go back as far, it is told so, and the state.
  ///
  /// @param baseline whether what exists is to be told, should it come to that
  static void resume(EventStream stream, Client client, long next, boolean baseline) {
    start(new CatchUp(stream, client, new Beginning(false, false, true, baseline), next));
  }

  /// For one that has none.
  ///
  /// @param lost whether it came with a place that is of no use here
  static void state(EventStream stream, Client client, boolean lost, boolean baseline) {
    start(new CatchUp(stream, client, new Beginning(lost, true, false, baseline), 0));
  }

  private static void start(CatchUp one) {
    Thread.ofVirtual().name("catch-up").start(one);
  }

  @Override
  public void run() {
    try {
      if (beginning.lost() && !give(stream.states().lost(encoder))) {
        return;
      }
      if (beginning.state() && !state()) {
        return;
      }
      read();
    } catch (InterruptedException e) {
      client.close(Client.INTERNAL, "interrupted");
    } catch (RuntimeException | Error e) {
      client.close(Client.INTERNAL, "a bug");
      throw e;
    }
  }

  private boolean give(List<Segment> segments) {
    return client.give(segments).join();
  }

  /// Tells the state; false if there is nobody to tell it to.
  private boolean state() throws InterruptedException {
    Optional<State> state = stream.states().get();
    if (state.isEmpty()) {
      // There never was one.
      client.follow(stream.log().nextSeq());
      return false;
    }
    next = state.get().seq() + 1;
    return give(
        beginning.baseline()
            ? state.get().all(client.framing(), encoder)
            : state.get().synced(encoder));
  }

  private void read() throws InterruptedException {
    EventLog.Cursor cursor = stream.log().from(next);
    boolean first = beginning.resumed();
    while (!client.isGone()) {
      if (client.ring().covers(cursor.position())) {
        client.follow(cursor.position());
        return;
      }
      Optional<List<Entry>> taken = cursor.take(BATCH, PATIENCE);
      if (taken.isEmpty()) {
        client.follow(cursor.position());
        return;
      }
      List<Entry> entries = taken.get();
      if (first && !entries.isEmpty()) {
        first = false;
        if (isLost(entries.getFirst())) {
          if (give(segments(entries.subList(0, 1))) && state()) {
            cursor = stream.log().from(next);
          } else {
            return;
          }
          continue;
        }
      }
      if (!entries.isEmpty() && !give(segments(entries))) {
        return;
      }
    }
  }

  /// Whether it says that the log does not go back to where the client was.
  private boolean isLost(Entry entry) {
    return entry.kind() == Kind.EVENTS_LOST
        && entry.event() instanceof EventsLost lost
        && lost.where() == EventsLost.Where.LOG
        && lost.first().orElse(0) == next;
  }

  private List<Segment> segments(List<Entry> entries) {
    return Segment.of(encoder, entries, encoder::encode);
  }
}
