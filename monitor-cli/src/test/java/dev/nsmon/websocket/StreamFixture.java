package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.format.Host;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Pump;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A host, its stream and a plain server in front of it, without a gate.
final class StreamFixture implements AutoCloseable {
  static final Host HOST = new Host("web-1", "0123456789abcdef0123456789abcdef", "boot-1");
  static final String STREAM = "s-1";

  final World world;
  final EventStream stream;

  /// Where clients go instead of the stream; null if they don't.
  volatile ChannelGroup bare;

  private final Pump pump;
  private final EventLoopGroup group;
  private final Channel listening;

  StreamFixture(long logBytes, long ringBytes, Timing timing, long seed)
      throws InterruptedException {
    this(logBytes, ringBytes, timing, seed, 0, false);
  }

  /// @param sendBuffer of the kernel for each client; 0 for what is usual
  StreamFixture(
      long logBytes, long ringBytes, Timing timing, long seed, int sendBuffer, boolean epoll)
      throws InterruptedException {
    EventLog log = new EventLog(STREAM, logBytes, InstantSource.system());
    world = new World(log, seed);
    stream =
        new EventStream(
            HOST,
            log,
            world::present,
            false,
            ringBytes,
            timing,
            StreamFixture::fail,
            HostClock.SYSTEM);
    pump = Pump.start("state", log.from(1), stream.sink(), System::nanoTime);
    group =
        new MultiThreadIoEventLoopGroup(
            2, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    ServerBootstrap server =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(4096))
                        .addLast(new Entrance());
                  }
                });
    if (sendBuffer > 0) {
      server.childOption(ChannelOption.SO_SNDBUF, sendBuffer);
    }
    listening = server.bind("127.0.0.1", 0).sync().channel();
  }

  /// Nothing may fail here.
  private static void fail(String remark) {
    throw new AssertionError(remark);
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /// Waits until the stream has taken all that the log has.
  void untilTaken() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> pump.position().orElse(0) == world.log.nextSeq());
  }

  /// Ends the log, as the monitor does.
  void end() {
    world.log.close();
  }

  @Override
  public void close() {
    world.log.close();
    assertEquals(new Pump.Ending.Drained(), pump.ending().orTimeout(20, TimeUnit.SECONDS).join());
    stream.close();
    listening.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Entrance extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest http) throws Exception {
      QueryStringDecoder uri = new QueryStringDecoder(http.uri());
      Optional<String> accept = Optional.ofNullable(http.headers().get(HttpHeaderNames.ACCEPT));
      Request request = new Request(uri.path(), uri.parameters(), accept);
      Channel channel = ctx.channel();
      if (accept.filter("text/event-stream"::equals).isPresent()) {
        Optional<String> last = Optional.ofNullable(http.headers().get("Last-Event-ID"));
        Subscription subscription = stream.parse(request, Optional.empty(), last);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        HttpUtil.setTransferEncodingChunked(head, true);
        channel
            .writeAndFlush(head)
            .addListener(
                _ -> {
                  leave(channel);
                  stream.serverSentEvents(channel, subscription);
                });
        return;
      }
      WebSocketServerHandshaker handshaker =
          new WebSocketServerHandshakerFactory("/", "cloudevents.json,nsmon.json", false, 4096)
              .newHandshaker(http);
      handshaker
          .handshake(channel, http)
          .addListener(
              _ -> {
                Optional<String> agreed = Optional.ofNullable(handshaker.selectedSubprotocol());
                leave(channel);
                if (bare != null) {
                  bare.add(channel);
                  return;
                }
                stream.webSocket(channel, stream.parse(request, agreed, Optional.empty()));
              });
    }

    private void leave(Channel channel) {
      channel.pipeline().remove(Entrance.class);
      if (channel.pipeline().get(HttpObjectAggregator.class) != null) {
        channel.pipeline().remove(HttpObjectAggregator.class);
      }
    }
  }
}
