package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Lets clients in: HTTP, with or without TLS, from the first byte of a connection until a route
/// answers or the stream takes over. Whoever is refused is refused before that.
///
/// Nothing that a client does costs more than its connection: heads are small, times are limited,
/// connections counted.
public final class Server implements AutoCloseable {
  /// More loops than this only take turns: the stream writes the same bytes to all.
  private static final int MOST_LOOPS = 4;

  /// Connections that wait to be accepted; the kernel takes `net.core.somaxconn` if that is less.
  private static final int BACKLOG = 4096;

  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEADERS = 8192;
  private static final long END_SECONDS = 3;

  private final ListenSettings settings;
  private final Map<String, Route> routes;
  private final EventStream events;
  private final Consumer<String> remarks;
  private final HostClock clock;
  private final Transport transport;
  private final RequestTimer.Limits times;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());

  /// Null until it is started.
  private Door door;

  private EventLoopGroup loops;
  private Channel listener;

  /// @param routes by path; `/events` is the stream's. Where a token is demanded, it is for all but
  ///   those that are [Route#isOpen]
  /// @param events closed with this
  /// @param remarks takes lines for people, on any thread
  public Server(
      ListenSettings settings,
      Map<String, Route> routes,
      EventStream events,
      Consumer<String> remarks,
      HostClock clock) {
    this(settings, routes, events, remarks, clock, Transport.best(), RequestTimer.Limits.DEFAULT);
  }

  Server(
      ListenSettings settings,
      Map<String, Route> routes,
      EventStream events,
      Consumer<String> remarks,
      HostClock clock,
      Transport transport,
      RequestTimer.Limits times) {
    this.settings = settings;
    this.routes = Map.copyOf(routes);
    this.events = events;
    this.remarks = remarks;
    this.clock = clock;
    this.transport = transport;
    this.times = times;
  }

  /// Begins to listen.
  ///
  /// @throws IOException with one line, if the address can't be had or a file is no good
  public void start() throws IOException {
    Optional<String> fault = settings.fault();
    if (fault.isPresent()) {
      throw new IOException(fault.get());
    }
    Optional<ServerTls> tls =
        settings.tls().isPresent()
            ? Optional.of(new ServerTls(settings.tls().get(), remarks, clock))
            : Optional.empty();
    Optional<Token> token =
        settings.token().isPresent()
            ? Optional.of(new Token(settings.token().get(), remarks, clock))
            : Optional.empty();
    String scheme = tls.isPresent() ? "https" : "http";
    Gate gate =
        new Gate(
            new HostNames(settings.address(), settings.hosts()),
            new Origins(scheme, settings.origins()),
            token,
            routes);
    door = new Door(gate, routes, new EventsEntry(events), threads, remarks, clock);
    listen(tls);
    remarks.accept(
        "listening on %s://%s (%s)"
            .formatted(scheme, NetUtil.toSocketAddressString(address()), transport.words()));
    if (tls.isEmpty() && !settings.isLoopback()) {
      remarks.accept("without TLS, the token and all events can be read on their way");
    }
  }

  private void listen(Optional<ServerTls> tls) throws IOException {
    loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(Runtime.getRuntime().availableProcessors(), MOST_LOOPS),
            new DefaultThreadFactory("listener", true),
            transport.loops());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(() -> transport.listener(settings.address().getAddress()))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new Connections(tls))
            .bind(settings.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      end();
      throw new IOException(
          "can't listen on %s: %s"
              .formatted(NetUtil.toSocketAddressString(settings.address()), why(bound.cause())),
          bound.cause());
    }
    listener = bound.channel();
  }

  /// The kernel's words, less the name of the call that the native library puts before them.
  private static String why(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    int name = message.indexOf("): ");
    return name < 0 ? message : message.substring(name + 3);
  }

  /// Makes the pipeline of a new connection.
  private final class Connections extends ChannelInitializer<SocketChannel> {
    private final Optional<ServerTls> tls;
    private final ConnectionLimit limit = new ConnectionLimit(settings.limits());

    Connections(Optional<ServerTls> tls) {
      this.tls = tls;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      if (!limit.admits(channel)) {
        if (tls.isPresent()) {
          ChannelFuture _ = channel.close();
        } else {
          pipeline.addLast(limit);
        }
        return;
      }
      tls.ifPresent(
          one -> pipeline.addLast(one.current().newHandler(channel.alloc(), door.threads())));
      RequestTimer timer = new RequestTimer(times);
      pipeline
          .addLast(timer)
          .addLast(
              new HttpServerCodec(
                  new HttpDecoderConfig()
                      .setMaxInitialLineLength(LONGEST_LINE)
                      .setMaxHeaderSize(LONGEST_HEADERS)))
          .addLast(new HttpHandler(door, timer));
    }
  }

  /// Where it listens: with the port that the kernel chose, if it was asked for port 0.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Lets nobody in any more, hands the clients of the stream what is left of it, and hangs up.
  @Override
  public void close() {
    if (listener != null) {
      door.close();
      listener.close().awaitUninterruptibly();
      events.close();
      end();
    }
  }

  private void end() {
    threads.shutdownNow();
    loops
        .shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
  }
}
