package dev.nsmon.websocket;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// Answers the requests of one connection in their order. Nothing is read while a request is being
/// answered. A refusal also closes the connection. Event loop only, except where noted.
final class HttpHandler extends ChannelInboundHandlerAdapter {
  /// Limit of queued messages of pipelined requests; a request has two. One read without TLS (2048
  /// bytes) brings fewer, unless its requests are shorter than 32 bytes.
  private static final int MOST_WAITING = 128;

  private final Door door;
  private final Admission admission;
  private final RequestTimer timer;

  /// Messages that came while a request was being answered. Reading is stopped then, so they all
  /// come from one read.
  private final Queue<HttpObject> waiting = new ArrayDeque<>(0);

  /// The request whose end has not come yet; null between requests.
  private HttpRequest head;

  /// True from the end of a request until its answer is written.
  private boolean answering;

  /// True once more messages came than may be queued. The queued requests are answered, then comes
  /// 429. Never reset.
  private boolean overflown;

  /// True once a request was refused or the stream has taken over. Later messages are discarded.
  /// Never reset.
  private boolean done;

  HttpHandler(Door door, Admission admission, RequestTimer timer) {
    this.door = door;
    this.admission = admission;
    this.timer = timer;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!done && answering && !overflown && message instanceof HttpObject later) {
      overflown = waiting.size() == MOST_WAITING;
      if (!overflown) {
        waiting.add(later);
        return;
      }
    }
    try {
      if (!answering || done) {
        take(ctx, message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (done) {
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(ctx, request);
    } else if (message instanceof LastHttpContent && head != null) {
      HttpRequest whole = head;
      head = null;
      timer.stop();
      answering = true;
      ctx.channel().config().setAutoRead(false);
      answer(ctx, whole);
    } else if (message instanceof HttpContent) {
      refuse(ctx, Response.text(400, "a request has no content here"));
    }
  }

  /// Continues with a queued request, or else reads on.
  private void goOn(ChannelHandlerContext ctx) {
    answering = false;
    while (!answering && !done && !waiting.isEmpty()) {
      HttpObject next = waiting.poll();
      take(ctx, next);
      ReferenceCountUtil.release(next);
    }
    if (answering || done) {
      return;
    }
    if (overflown) {
      refuse(ctx, Response.text(429, "too many requests at once: wait for their answers"));
    } else {
      ctx.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    Throwable fault = request.decoderResult().cause();
    if (fault != null) {
      refuse(ctx, faulty(fault));
    } else if (hasContent(request)) {
      refuse(ctx, withContent(request));
    } else {
      head = request;
    }
  }

  private static boolean hasContent(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || !request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
  }

  private static Response faulty(Throwable fault) {
    return switch (fault) {
      case TooLongHttpLineException _ -> Response.text(414, "the address is too long");
      case TooLongHttpHeaderException _ -> Response.text(431, "the headers are too long");
      default -> Response.text(400, "this is not HTTP/1.1");
    };
  }

  /// Refuses a request with content. Another reason for refusal takes precedence, because it says
  /// more: a POST gets 405.
  private Response withContent(HttpRequest request) {
    try {
      return door.gate()
          .refusal(request, Answers.request(request))
          .orElseGet(() -> Response.text(400, "a request has no content here"));
    } catch (BadRequestException e) {
      return Response.text(400, e.getMessage());
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest whole) {
    try {
      Request request = Answers.request(whole);
      Optional<Response> refusal =
          door.isClosing()
              ? Optional.of(Response.text(503, "the server is about to end"))
              : door.gate().refusal(whole, request);
      if (refusal.isPresent()) {
        refuse(ctx, refusal.get());
        return;
      }
      Optional<byte[]> proof = door.gate().proof(whole, request);
      if (proof.isPresent() || !door.gate().demandsToken()) {
        admission.shown(proof);
      }
      if (request.path().equals(Gate.EVENTS)) {
        timer.answering();
        door.events()
            .enter(ctx, whole, request)
            .ifPresentOrElse(response -> refuse(ctx, response), () -> done = true);
      } else {
        boolean keepAlive = HttpUtil.isKeepAlive(whole);
        door.threads().execute(() -> answer(ctx, request, keepAlive));
      }
    } catch (BadRequestException e) {
      refuse(ctx, Response.text(400, e.getMessage()));
    }
  }

  /// Answers from a route, on a virtual thread; the event loop writes the answer.
  private void answer(ChannelHandlerContext ctx, Request request, boolean keepAlive) {
    Response response = ask(request);
    ctx.executor().execute(() -> write(ctx, response, keepAlive));
  }

  private Response ask(Request request) {
    try {
      return door.route(request.path()).answer(request);
    } catch (InterruptedException e) {
      return Response.text(503, "the server is about to end");
    } catch (RuntimeException | Error e) {
      door.bug(request.path(), e);
      return Response.text(500, "this is a bug, and the server has said more about it");
    }
  }

  private void write(ChannelHandlerContext ctx, Response response, boolean keepAlive) {
    timer.answering();
    if (!keepAlive) {
      refuse(ctx, response);
      return;
    }
    ChannelFuture written = ctx.writeAndFlush(Answers.message(response, true));
    ChannelFuture _ =
        written.addListener(
            _ -> {
              if (written.isSuccess()) {
                timer.rest();
                goOn(ctx);
              } else {
                ChannelFuture _ = ctx.close();
              }
            });
  }

  private void refuse(ChannelHandlerContext ctx, Response response) {
    done = true;
    FullHttpResponse message = Answers.message(response, false);
    Farewell.say(ctx, message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof RequestTimer.Overdue overdue)) {
      return;
    }
    switch (overdue) {
      case REQUEST -> {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (done || (tls != null && !tls.handshakeFuture().isSuccess())) {
          ChannelFuture _ = ctx.close();
        } else {
          refuse(ctx, Response.text(408, "the request took too long to come"));
        }
      }
      case REST, ANSWER -> {
        ChannelFuture _ = ctx.close();
      }
    }
  }

  /// The connection broke, TLS failed, or the codec's limit of pipelined requests was exceeded.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!Failures.isOfConnection(cause)) {
      door.bug("a connection", cause);
    }
    ChannelFuture _ = ctx.close();
  }
}
