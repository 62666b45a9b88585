package dev.nsmon.websocket;

import dev.nsmon.event.EventFilter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One client of the stream: writes to its channel what its [Supply] has ready. At most one write
/// is outstanding, no larger than a segment. Meanwhile only a close frame is sent, so that nothing
/// queues up for a slow client. Event loop only, except where noted.
final class Client extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
  /// Close codes of RFC 6455 section 7.4.1; from 4000 on they are private.
  static final int GOING_AWAY = 1001;

  static final int POLICY = 1008;
  static final int INTERNAL = 1011;
  static final int SLOW = 4408;
  static final int NO_PONG = 4409;

  /// Writes in a row, after which other clients of the event loop are served.
  private static final int MOST_WRITES = 4;

  /// Unanswered pings after which a client is disconnected instead of pinged again.
  private static final int MOST_UNANSWERED = 2;

  private final EventStream stream;
  private final ClientLoop loop;
  private final FrameRing ring;
  private final Framing framing;

  private final Supply supply;

  /// Index in the list of its [ClientLoop], which alone sets it.
  int slot;

  private ChannelHandlerContext context;

  /// All records below this number were written or are hidden by the filter; 0 before the first.
  private long sent;

  /// True from a write that the socket did not take at once until it completes.
  private boolean outstanding;

  /// Bytes of the outstanding write that were still unsent at the last tick.
  private long left;

  /// When [#left] last changed, by the monotonic clock.
  private long stalledNanos;

  /// When the next ping is due, by the monotonic clock.
  private long pingNanos;

  /// Pings since the last pong, or since an outstanding write completed.
  private int unanswered;

  /// True once nothing but a close frame is sent any more. Set by [#letGo], never reset.
  private boolean closing;

  /// True once the channel is closed; never reset. Other threads read it to skip useless work.
  private volatile boolean gone;

  Client(
      EventStream stream,
      ClientLoop loop,
      FrameRing ring,
      Framing framing,
      EventFilter filter,
      long pingNanos) {
    this.stream = stream;
    this.loop = loop;
    this.ring = ring;
    this.framing = framing;
    this.supply = new Supply(ring, filter, next -> CatchUp.start(stream, this, next));
    this.pingNanos = pingNanos;
  }

  Framing framing() {
    return framing;
  }

  FrameRing ring() {
    return ring;
  }

  /// Sets the position: the client already has all records below this number.
  void has(long from) {
    supply.has(from);
    sent = from;
  }

  /// Whether the channel is closed. Any thread.
  boolean isGone() {
    return gone;
  }

  /// Sends frames, and takes over the references of the caller. Completes with true when all were
  /// written, with false if sending ends before. Any thread.
  CompletableFuture<Boolean> give(List<Segment> segments) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    if (!loop.execute(() -> take(segments, done))) {
      segments.forEach(Segment::release);
      done.complete(false);
    }
    return done;
  }

  private void take(List<Segment> segments, CompletableFuture<Boolean> done) {
    if (closing || gone) {
      segments.forEach(Segment::release);
      done.complete(false);
      return;
    }
    supply.give(segments, done);
    advance();
  }

  /// Sends frames of the ring from this number on. Any thread.
  void follow(long from) {
    loop.execute(
        () -> {
          supply.follow(from);
          sent = Math.max(sent, from);
          advance();
        });
  }

  /// Ends the connection with this close code and reason. Any thread.
  void close(int code, String reason) {
    loop.execute(() -> end(code, reason));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /// Writes what is ready, until a write is outstanding.
  void advance() {
    boolean ended = stream.hasEnded();
    for (int writes = 0; !outstanding && !closing && !gone; writes++) {
      if (!supply.isReady()) {
        endIf(ended);
        return;
      }
      if (writes == MOST_WRITES) {
        loop.execute(this::advance);
        return;
      }
      Optional<ByteBuf> last =
          supply.take(
              piece -> {
                ChannelFuture _ = context.write(piece, context.voidPromise());
              });
      if (last.isPresent()) {
        send(last.get());
      } else {
        sent = supply.next();
      }
    }
  }

  private void endIf(boolean ended) {
    if (ended && supply.isFollowing()) {
      end(GOING_AWAY, "the monitor has ended");
    }
  }

  private void send(ByteBuf piece) {
    ChannelFuture written = context.writeAndFlush(piece);
    if (written.isSuccess()) {
      sent = supply.next();
    } else {
      outstanding = true;
      left = Long.MAX_VALUE;
      stalledNanos = stream.clock().nanoTime();
      written.addListener(this);
    }
  }

  @Override
  public void operationComplete(ChannelFuture written) {
    outstanding = false;
    if (written.isSuccess()) {
      sent = supply.next();
      // The write had to wait, so the client has read since. It may not have reached our ping yet,
      // which is behind that data.
      unanswered = 0;
      advance();
    } else if (!closing) {
      // The connection broke, or [Farewell] is ending it.
      letGo();
      closeSoon();
    }
  }

  /// Does what is due: checks an outstanding write, or sends a ping.
  void tick(long now) {
    if (closing || gone) {
      return;
    }
    if (outstanding) {
      watch(now);
    } else if (now - pingNanos >= 0) {
      pingNanos = now + stream.timing().ping().toNanos();
      if (framing == Framing.SERVER_SENT) {
        send(Frames.comment());
      } else if (unanswered == MOST_UNANSWERED) {
        stream.wasSilent();
        end(NO_PONG, "no pong");
      } else {
        unanswered++;
        send(Frames.ping());
      }
    }
  }

  /// Disconnects the client if it takes no byte of an outstanding write for the stall time.
  private void watch(long now) {
    ChannelOutboundBuffer buffer = channel().unsafe().outboundBuffer();
    if (buffer == null) {
      return;
    }
    long waiting = buffer.totalPendingWriteBytes() - buffer.currentProgress();
    if (waiting != left) {
      left = waiting;
      stalledNanos = now;
    } else if (now - stalledNanos >= stream.timing().stall().toNanos()) {
      stream.wasSlow();
      end(SLOW, sent == 0 ? "no seq yet" : "last seq " + (sent - 1));
    }
  }

  /// Sends a close frame, or the last chunk, with the reason. Disconnects when the client confirms
  /// it, at the latest after the goodbye time.
  private void end(int code, String reason) {
    if (closing || gone) {
      return;
    }
    letGo();
    ByteBuf last =
        framing == Framing.SERVER_SENT ? Frames.lastChunk(reason) : Frames.close(code, reason);
    ChannelFuture said = context.writeAndFlush(last);
    if (framing == Framing.SERVER_SENT && code == GOING_AWAY) {
      said.addListener(CLOSE);
    }
    closeSoon();
  }

  private void closeSoon() {
    long patience = stream.timing().goodbye().toMillis();
    ScheduledFuture<?> _ =
        context.executor().schedule(this::disconnect, patience, TimeUnit.MILLISECONDS);
  }

  private void disconnect() {
    ChannelFuture _ = context.close();
  }

  private void letGo() {
    closing = true;
    supply.drain();
  }

  private Channel channel() {
    return context.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      switch (message) {
        case PongWebSocketFrame _ -> unanswered = 0;
        case PingWebSocketFrame ping -> answer(ping);
        case CloseWebSocketFrame close -> agree(close);
        case WebSocketFrame _ -> end(POLICY, "clients only listen");
        default -> {
          // Input after the request of Server-Sent Events; ignored.
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /// Answers a ping, but not while a write is outstanding: pongs would queue up.
  private void answer(PingWebSocketFrame ping) {
    if (!outstanding && !closing) {
      send(Frames.pong(ping.content()));
    }
  }

  private void agree(CloseWebSocketFrame close) {
    if (closing) {
      ChannelFuture _ = context.close();
    } else {
      letGo();
      // Netty reports the code -1 if the close frame has none.
      ByteBuf same = Frames.close(close.statusCode(), "");
      context.writeAndFlush(same).addListener(CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave();
    ctx.fireChannelInactive();
  }

  /// Releases all that the client holds, once. Called when the channel is closed.
  void leave() {
    if (!gone) {
      gone = true;
      letGo();
      loop.remove(this);
      ring.leave();
      stream.left();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!Failures.isOfConnection(cause)) {
      stream.bugs().bug("a client of the stream", cause);
    }
    // A connection of Server-Sent Events broke, or this handler failed. Other faults of a WebSocket
    // end at [WebSocketFaults].
    ChannelFuture _ = ctx.close();
  }
}
