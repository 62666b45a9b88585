package dev.nsmon.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Limits how long a connection may take over a request, be it silent or dribbling (slowloris), and
/// how long it may rest between two. It stands where bytes are plain but not yet a request; the
/// time for the first one begins when the connection does, and so has the TLS handshake in it.
///
/// What is overdue it tells the handlers after it, as [Overdue].
final class RequestTimer extends ChannelInboundHandlerAdapter {
  private final Limits limits;
  private ChannelHandlerContext context;
  private boolean resting;
  private Future<?> alarm;

  /// How long what may take.
  ///
  /// @param request from its first byte until it is whole
  /// @param rest from an answer to the next request
  /// @param answer until the client has taken it
  record Limits(Duration request, Duration rest, Duration answer) {
    static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60));
  }

  /// A time is over.
  enum Overdue {
    REQUEST,
    REST,
    ANSWER
  }

  RequestTimer(Limits limits) {
    this.limits = limits;
  }

  /// The request is whole, and takes as long as we do.
  void stop() {
    alarm.cancel(false);
  }

  /// The answer is on its way.
  void answering() {
    set(limits.answer(), Overdue.ANSWER);
  }

  /// The answer has gone out, and another request may come.
  void rest() {
    resting = true;
    set(limits.rest(), Overdue.REST);
  }

  private void set(Duration time, Overdue what) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm =
        context
            .executor()
            .schedule(
                () -> context.fireUserEventTriggered(what), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    set(limits.request(), Overdue.REQUEST);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (resting) {
      resting = false;
      set(limits.request(), Overdue.REQUEST);
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    alarm.cancel(false);
  }
}
