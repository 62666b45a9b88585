package dev.nsmon.websocket;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Sink;
import dev.nsmon.websocket.Subscription.Form;
import dev.nsmon.websocket.Subscription.Since;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The stream for many clients. A client is a position in the log, and a slow one delays no other.
/// A ring holds the latest records, encoded once for all clients of a framing. Clients that are
/// further behind read from the log.
///
/// Its [#sink] feeds the rings. Without that, clients get a state at most.
public final class EventStream {
  /// Capacity of a ring in bytes. There is one for each framing, and it is filled while it has
  /// clients.
  private static final long RING_BYTES = 8L << 20;

  /// How long [#close] waits for clients to take the remaining records.
  private static final long FLUSH_MILLIS = 3_000;

  private final Host host;
  private final EventLog log;
  private final Timing timing;
  private final long ringBytes;
  private final HostClock clock;
  private final Fed fed;
  private final States states;

  /// Replaced by empty rings when the sink is abandoned; the map itself never changes.
  private volatile Map<Framing, FrameRing> rings;

  private final Map<EventLoop, ClientLoop> loops = new ConcurrentHashMap<>();

  /// Guards the number of clients; notified when the last one has left.
  private final Object leaving = new Object();

  private int clients;
  private final RareRemarks bugs;
  private final AtomicLong slow = new AtomicLong();
  private final AtomicLong silent = new AtomicLong();

  /// True once the sink is closed: no more records come. Never reset.
  private volatile boolean ended;

  /// @param present returns the present state; may block
  /// @param includeInitial whether a state includes tasks that are in initial namespaces only
  /// @param remarks receives messages for the operator, on any thread
  public EventStream(
      Host host,
      EventLog log,
      Supplier<Present> present,
      boolean includeInitial,
      Consumer<String> remarks,
      HostClock clock) {
    this(host, log, present, includeInitial, RING_BYTES, Timing.DEFAULT, remarks, clock);
  }

  EventStream(
      Host host,
      EventLog log,
      Supplier<Present> present,
      boolean includeInitial,
      long ringBytes,
      Timing timing,
      Consumer<String> remarks,
      HostClock clock) {
    this.clock = clock;
    this.bugs = new RareRemarks(remarks, clock);
    this.host = host;
    this.log = log;
    this.timing = timing;
    this.fed = new Fed(log.nextSeq() - 1);
    this.states = new States(log, present, includeInitial, fed, clock);
    this.ringBytes = ringBytes;
    this.rings = rings(log.nextSeq());
  }

  /// New, empty rings whose first record has this number.
  private Map<Framing, FrameRing> rings(long next) {
    Map<Framing, FrameRing> all = new EnumMap<>(Framing.class);
    for (Framing framing : Framing.values()) {
      all.put(framing, new FrameRing(encoder(framing), ringBytes, next));
    }
    return all;
  }

  /// The sink that feeds the clients. Its pump must begin where the log ended when this object was
  /// made.
  ///
  /// Closing the sink ends the stream: clients get the remaining records, then close code 1001.
  /// Abandoning it disconnects the clients with 1011. A new sink then continues after the last
  /// record that was fed in full.
  public Sink sink() {
    return new Sink() {
      @Override
      public Appetite write(List<Entry> entries) {
        feed(entries);
        return Appetite.MORE;
      }

      @Override
      public void abandon(String reason) {
        rings = rings(fed.last() + 1);
        for (ClientLoop loop : loops.values()) {
          loop.close(Client.INTERNAL, "the stream has failed: connect again");
        }
      }

      @Override
      public void close() {
        ended = true;
        fed.end();
        wake();
      }
    };
  }

  private void feed(List<Entry> entries) {
    // The previous sink had fed these in full when it failed. The rings are new since, so clients
    // read these records from the log.
    List<Entry> rest = entries;
    while (!rest.isEmpty() && rest.getFirst().seq() <= fed.last()) {
      rest = rest.subList(1, rest.size());
    }
    if (rest.isEmpty()) {
      return;
    }
    for (FrameRing ring : rings.values()) {
      ring.append(rest);
    }
    fed.upTo(rest.getLast().seq());
    wake();
  }

  private void wake() {
    for (ClientLoop loop : loops.values()) {
      loop.wake();
    }
  }

  /// Parses a request for the stream.
  ///
  /// @param subprotocol the WebSocket subprotocol that was agreed on; empty if there is none
  /// @param lastEventId the `Last-Event-ID` header; empty if there is none
  /// @throws BadRequestException if a parameter is unknown or invalid
  public Subscription parse(
      Request request, Optional<String> subprotocol, Optional<String> lastEventId)
      throws BadRequestException {
    return Subscriptions.parse(request.query(), subprotocol, lastEventId);
  }

  /// Serves a WebSocket after the handshake. Called on the channel's event loop; the caller writes
  /// nothing more to the channel.
  public void webSocket(Channel channel, Subscription subscription) {
    begin(
        channel,
        subscription,
        subscription.form() == Form.CLOUDEVENTS ? Framing.CLOUDEVENTS : Framing.JSON);
  }

  /// Serves Server-Sent Events after the head of a chunked answer was written. Called on the
  /// channel's event loop; the caller writes nothing more to the channel.
  public void serverSentEvents(Channel channel, Subscription subscription) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(HttpServerCodec.class) != null) {
      // Frames of this framing are complete chunks, shared by all clients.
      pipeline.remove(HttpServerCodec.class);
    }
    begin(channel, subscription, Framing.SERVER_SENT);
  }

  private void begin(Channel channel, Subscription subscription, Framing framing) {
    if (!channel.isActive()) {
      return;
    }
    ClientLoop loop =
        loops.computeIfAbsent(
            channel.eventLoop(), one -> new ClientLoop(one, timing, states::expire, clock, bugs));
    FrameRing ring = rings.get(framing);
    Client client = new Client(this, loop, ring, framing, subscription.filter(), loop.firstPing());
    synchronized (leaving) {
      clients++;
    }
    ring.join();
    loop.add(client);
    channel.pipeline().addLast(client);
    channel.config().setAutoRead(true);
    place(client, subscription);
  }

  private void place(Client client, Subscription subscription) {
    boolean baseline = subscription.filter().baseline();
    Optional<Since> since = subscription.since();
    if (since.isEmpty()) {
      CatchUp.state(this, client, false, baseline);
    } else if (!isHere(since.get())) {
      CatchUp.state(this, client, true, baseline);
    } else {
      client.has(since.get().seq() + 1);
      CatchUp.resume(this, client, since.get().seq() + 1, baseline);
    }
  }

  private boolean isHere(Since since) {
    return since.stream().orElse(log.stream()).equals(log.stream()) && since.seq() < log.nextSeq();
  }

  FrameEncoder encoder(Framing framing) {
    return new FrameEncoder(framing, host, log.stream());
  }

  EventLog log() {
    return log;
  }

  States states() {
    return states;
  }

  Timing timing() {
    return timing;
  }

  RareRemarks bugs() {
    return bugs;
  }

  HostClock clock() {
    return clock;
  }

  /// Whether no more records come. Any thread.
  boolean hasEnded() {
    return ended;
  }

  /// Number of connected clients. Any thread.
  public int clients() {
    synchronized (leaving) {
      return clients;
    }
  }

  /// How many clients were disconnected because they read nothing for the stall time. Any thread.
  public long slow() {
    return slow.get();
  }

  /// How many clients were disconnected because they did not answer pings. Any thread.
  public long silent() {
    return silent.get();
  }

  /// Counts a client that is disconnected because it reads nothing. Any thread.
  void wasSlow() {
    slow.incrementAndGet();
  }

  /// Counts a client that is disconnected because it does not answer pings. Any thread.
  void wasSilent() {
    silent.incrementAndGet();
  }

  /// Counts a client out. After the last one, drops the cached state.
  void left() {
    synchronized (leaving) {
      clients--;
      if (clients > 0) {
        return;
      }
      leaving.notifyAll();
    }
    states.clear();
  }

  /// Waits some seconds until all clients have taken the remaining records after the stream's end.
  /// Disconnects those that have not.
  public void close() {
    try {
      if (!waitForLeaving(FLUSH_MILLIS)) {
        for (ClientLoop loop : loops.values()) {
          loop.close(Client.GOING_AWAY, "the monitor has ended");
        }
        boolean _ = waitForLeaving(timing.goodbye().toMillis() * 2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    states.clear();
  }

  /// Waits until all clients have left; false if some are left after this time.
  private boolean waitForLeaving(long millis) throws InterruptedException {
    long deadline = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (leaving) {
      while (clients > 0) {
        long rest = TimeUnit.NANOSECONDS.toMillis(deadline - clock.nanoTime());
        if (rest <= 0) {
          return false;
        }
        leaving.wait(rest);
      }
      return true;
    }
  }
}
