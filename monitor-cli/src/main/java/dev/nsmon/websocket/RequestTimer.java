package dev.nsmon.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Limits the time of a request, whether the client is silent or sends slowly (slowloris), and the
/// pause between two requests. Placed after TLS and before the HTTP codec. The time of the first
/// request begins with the connection, so it includes the TLS handshake.
///
/// Reports an exceeded limit to later handlers, as user event [Overdue]. Event loop only.
final class RequestTimer extends ChannelInboundHandlerAdapter {
  private final Limits limits;
  private ChannelHandlerContext context;

  /// True from [#rest] until the next request's first bytes.
  private boolean resting;

  private Future<?> alarm;

  /// Time limits.
  ///
  /// @param request from its first byte until it is complete
  /// @param rest from an answer to the next request
  /// @param answer until the client has taken it
  record Limits(Duration request, Duration rest, Duration answer) {
    static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60));
  }

  /// Limit that was exceeded, as a user event of the pipeline.
  enum Overdue {
    REQUEST,
    REST,
    ANSWER
  }

  RequestTimer(Limits limits) {
    this.limits = limits;
  }

  /// Stops the limit of a complete request. How long the server needs for it is not limited.
  void stop() {
    alarm.cancel(false);
  }

  /// Starts the limit of an answer that is being written.
  void answering() {
    set(limits.answer(), Overdue.ANSWER);
  }

  /// Starts the limit of the pause after an answer that was written.
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
