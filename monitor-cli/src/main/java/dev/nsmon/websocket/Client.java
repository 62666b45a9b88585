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

/// One that listens, and what is under way to it from its [Supply]. At most one write is
/// outstanding, of no more than a segment; while it is, nothing else is sent, so that nothing piles
/// up for one that is slow. Lives on its channel's event loop, but for what says otherwise.
final class Client extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
  static final int GOING_AWAY = 1001;
  static final int POLICY = 1008;
  static final int INTERNAL = 1011;
  static final int SLOW = 4408;
  static final int NO_PONG = 4409;

  /// After this many writes others have their turn.
  private static final int MOST_WRITES = 4;

  private static final int MOST_UNANSWERED = 2;

  private final EventStream stream;
  private final ClientLoop loop;
  private final FrameRing ring;
  private final Framing framing;

  private final Supply supply;

  /// Its place among those of the loop; the loop's.
  int slot;

  private ChannelHandlerContext context;

  /// The number after the last that went out whole.
  private long sent;

  private boolean outstanding;
  private long left;
  private long stalledNanos;
  private long pingNanos;
  private int unanswered;
  private boolean closing;

  /// Any thread may ask whether it is of use to prepare something.
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

  /// It has all before this number.
  void has(long from) {
    supply.has(from);
    sent = from;
  }

  /// Any thread: whether nothing can be sent to it any more.
  boolean isGone() {
    return gone;
  }

  /// Any thread: sends these, of which it takes over the references. Completes with whether they
  /// all went out.
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

  /// Any thread: goes along with the ring from this number on.
  void follow(long from) {
    loop.execute(
        () -> {
          supply.follow(from);
          sent = Math.max(sent, from);
          advance();
        });
  }

  /// Any thread.
  void close(int code, String reason) {
    loop.execute(() -> end(code, reason));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /// Sends what there is, as long as it is taken.
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
      // It had to be waited for, so somebody has read: a pong may well be behind all that.
      unanswered = 0;
      advance();
    } else if (!closing) {
      // It has gone, or somebody else is taking leave of it.
      letGo();
      closeSoon();
    }
  }

  /// Does what is due by the clock.
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
        end(NO_PONG, "no pong");
      } else {
        unanswered++;
        send(Frames.ping());
      }
    }
  }

  /// Whether it takes anything of what is outstanding.
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
      end(SLOW, sent == 0 ? "no seq yet" : "last seq " + (sent - 1));
    }
  }

  /// Says why, and lets go: at once if it agrees, or else soon.
  private void end(int code, String reason) {
    if (closing || gone) {
      return;
    }
    letGo();
    ByteBuf last = framing == Framing.SERVER_SENT ? Frames.lastChunk() : Frames.close(code, reason);
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
          // More of a request that was answered for good.
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /// One that takes nothing is not answered: answers would pile up.
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
      // An empty one has the code -1.
      ByteBuf same = Frames.close(close.statusCode(), "");
      context.writeAndFlush(same).addListener(CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave();
    ctx.fireChannelInactive();
  }

  /// Nothing is sent to it any more.
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
    // A connection that broke, or frames that are none: the decoder has answered those.
    ChannelFuture _ = ctx.close();
  }
}
