package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that speaks the protocol of a monitor, and does with each client what its script says.
final class RemoteServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;
  private final Script script;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger clients = new AtomicInteger();

  /// What to do with a client; on a thread of its own.
  interface Script {
    void play(Client client);
  }

  /// A request that came.
  record Asked(String path, Map<String, List<String>> query, Optional<String> authorization) {
    /// The number after which it goes on; 1 if it did not say.
    long since() {
      return values("since").stream().mapToLong(Long::parseLong).findFirst().orElse(1);
    }

    /// The values of this name.
    List<String> values(String name) {
      return query.getOrDefault(name, List.of());
    }
  }

  /// A client that is to be answered. `number` counts them from 0, `pongs` what it has answered to
  /// pings.
  record Client(
      int number, Asked asked, FullHttpRequest request, Channel channel, AtomicInteger pongs) {

    /// Answers over HTTP.
    void answer(int status, String body) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(status),
              Unpooled.copiedBuffer(body, UTF_8));
      HttpUtil.setContentLength(response, response.content().readableBytes());
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
      channel.writeAndFlush(response).awaitUninterruptibly();
    }

    /// Accepts it as a WebSocket.
    Client accept() {
      new WebSocketServerHandshakerFactory("ws://h/events", null, false)
          .newHandshaker(request)
          .handshake(channel, request)
          .awaitUninterruptibly();
      return this;
    }

    void tell(String... messages) {
      ChannelFuture last = channel.newSucceededFuture();
      for (String one : messages) {
        last = channel.writeAndFlush(new TextWebSocketFrame(one));
      }
      last.awaitUninterruptibly();
    }

    void end(int code, String reason) {
      channel.writeAndFlush(new CloseWebSocketFrame(code, reason)).awaitUninterruptibly();
    }

    /// As when the cable is cut.
    void cut() {
      channel.close().awaitUninterruptibly();
    }
  }

  RemoteServer(Script script) {
    this(script, Optional.empty());
  }

  RemoteServer(Script script, Optional<SslContext> tls) {
    this.script = script;
    this.channel =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    tls.ifPresent(one -> client.pipeline().addLast(one.newHandler(client.alloc())));
                    client
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(), new HttpObjectAggregator(65_536), new Door());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  private final class Door extends SimpleChannelInboundHandler<Object> {
    private final AtomicInteger pongs = new AtomicInteger();

    private Door() {
      super(Object.class, false);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object message) {
      if (message instanceof FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        Asked one =
            new Asked(
                uri.path(),
                uri.parameters(),
                Optional.ofNullable(request.headers().get("Authorization")));
        asked.add(one);
        Client client =
            new Client(clients.getAndIncrement(), one, request, context.channel(), pongs);
        Thread.ofVirtual().start(() -> play(client));
      } else if (message instanceof WebSocketFrame frame) {
        if (frame instanceof PongWebSocketFrame) {
          pongs.incrementAndGet();
        }
        frame.release();
      }
    }

    private void play(Client client) {
      try {
        script.play(client);
      } finally {
        client.request().release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      ChannelFuture _ = context.close();
    }
  }

  String address() {
    InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
    return "127.0.0.1:" + bound.getPort();
  }

  String place() {
    return "ws://" + address();
  }

  List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
