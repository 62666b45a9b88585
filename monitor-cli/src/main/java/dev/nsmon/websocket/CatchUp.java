package dev.nsmon.websocket;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Brings one client to the position of the ring: sends it the state, or reads the log for it. Runs
/// on a virtual thread of its own, which blocks until the client has taken each batch.
final class CatchUp implements Runnable {
  /// Records read from the log at once. Few, because they stay in memory while a slow client takes
  /// them.
  private static final int BATCH = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final EventStream stream;
  private final Client client;
  private final FrameEncoder encoder;

  /// What the client gets before records from the log. Never null.
  private final Beginning beginning;

  /// Number of the first record to read. [#state] replaces it with the number after the state.
  private long next;

  /// What a client gets before records from the log.
  ///
  /// @param lost whether an `events-lost` without numbers comes first
  /// @param state whether the state comes next
  /// @param resumed whether to send the state if the log no longer has the record at the client's
  ///   position
  /// @param baseline whether the state includes what exists; otherwise it is its `synced` only
  private record Beginning(boolean lost, boolean state, boolean resumed, boolean baseline) {}

  private CatchUp(EventStream stream, Client client, Beginning beginning, long next) {
    this.stream = stream;
    this.client = client;
    this.encoder = stream.encoder(client.framing());
    this.beginning = beginning;
    this.next = next;
  }

  /// Starts the catch-up of a client that has fallen behind the ring. An `events-lost` replaces
  /// records that the log no longer has.
  ///
  /// @param next number of the next record for the client
  static void start(EventStream stream, Client client, long next) {
    start(new CatchUp(stream, client, new Beginning(false, false, false, false), next));
  }

  /// Starts a client that resumes at a position of this stream. If the log no longer has that
  /// record, the client gets an `events-lost`, and the state.
  ///
  /// @param baseline whether that state includes what exists
  static void resume(EventStream stream, Client client, long next, boolean baseline) {
    start(new CatchUp(stream, client, new Beginning(false, false, true, baseline), next));
  }

  /// Starts a client with the state.
  ///
  /// @param lost whether the client named a position that this log does not have: it gets an
  ///   `events-lost` first
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

  /// Sends frames and blocks until they are written; false if the client has gone.
  private boolean give(List<Segment> segments) {
    return client.give(segments).join();
  }

  /// Sends the state. False if the client has gone, or if the stream ended before there was a
  /// state: then the client follows the end of the log.
  private boolean state() throws InterruptedException {
    Optional<State> state = stream.states().get();
    if (state.isEmpty()) {
      // The monitor ended before its first full scan.
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

  /// Whether this is the `events-lost` of a cursor whose next record the log no longer has.
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
