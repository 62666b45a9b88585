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
import java.util.function.Supplier;

/// The stream for many clients. Each is a place in the log; what is sent is encoded once for all,
/// and nobody waits for one that is slow.
///
/// It is fed by its [#sink]. Without that, clients are told a state at most.
public final class EventStream {
  /// What is kept encoded, of each framing that somebody wants. Who is further behind reads from
  /// the log.
  private static final long RING_BYTES = 8L << 20;

  /// How long the end waits for clients to take what is left.
  private static final long FLUSH_MILLIS = 3_000;

  private final Host host;
  private final EventLog log;
  private final Timing timing;
  private final HostClock clock;
  private final Fed fed;
  private final States states;
  private final Map<Framing, FrameRing> rings = new EnumMap<>(Framing.class);
  private final Map<EventLoop, ClientLoop> loops = new ConcurrentHashMap<>();
  private final Object leaving = new Object();
  private int clients;
  private volatile boolean ended;

  /// @param present the state of now; may take its time
  /// @param includeInitial whether tasks that are in initial namespaces only are part of a state
  public EventStream(
      Host host, EventLog log, Supplier<Present> present, boolean includeInitial, HostClock clock) {
    this(host, log, present, includeInitial, RING_BYTES, Timing.DEFAULT, clock);
  }

  EventStream(
      Host host,
      EventLog log,
      Supplier<Present> present,
      boolean includeInitial,
      long ringBytes,
      Timing timing,
      HostClock clock) {
    this.clock = clock;
    this.host = host;
    this.log = log;
    this.timing = timing;
    this.fed = new Fed(log.nextSeq() - 1);
    this.states = new States(log, present, includeInitial, fed, clock);
    for (Framing framing : Framing.values()) {
      rings.put(framing, new FrameRing(encoder(framing), ringBytes, log.nextSeq()));
    }
  }

  /// What carries the log's records to the clients: to be fed by a pump that begins where the log
  /// was when this was made. Its end is the end of the stream: clients get what is left, and are
  /// told.
  public Sink sink() {
    return new Sink() {
      @Override
      public Appetite write(List<Entry> entries) {
        feed(entries);
        return Appetite.MORE;
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
    for (FrameRing ring : rings.values()) {
      ring.append(entries);
    }
    fed.upTo(entries.getLast().seq());
    wake();
  }

  private void wake() {
    for (ClientLoop loop : loops.values()) {
      loop.wake();
    }
  }

  /// What a request for the stream asks for.
  ///
  /// @param subprotocol the one that was agreed on, if there is one
  /// @param lastEventId the header of that name
  public Subscription parse(
      Request request, Optional<String> subprotocol, Optional<String> lastEventId)
      throws BadRequestException {
    return Subscriptions.parse(request.query(), subprotocol, lastEventId);
  }

  /// Serves a WebSocket, after the handshake, on the channel's event loop. From here on nobody else
  /// sends on it.
  public void webSocket(Channel channel, Subscription subscription) {
    begin(
        channel,
        subscription,
        subscription.form() == Form.CLOUDEVENTS ? Framing.CLOUDEVENTS : Framing.JSON);
  }

  /// Serves Server-Sent Events, after the head of a chunked answer was written, on the channel's
  /// event loop. From here on nobody else sends on it.
  public void serverSentEvents(Channel channel, Subscription subscription) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(HttpServerCodec.class) != null) {
      // Chunks are shared, and ready as they are.
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
            channel.eventLoop(), one -> new ClientLoop(one, timing, states::expire, clock));
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

  HostClock clock() {
    return clock;
  }

  /// Whether nothing more comes.
  boolean hasEnded() {
    return ended;
  }

  /// How many clients there are.
  public int clients() {
    synchronized (leaving) {
      return clients;
    }
  }

  /// A client has gone.
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

  /// Waits some seconds until all clients have taken what is left after the stream's end, and ends
  /// the others.
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

  /// Whether all have gone by then.
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
