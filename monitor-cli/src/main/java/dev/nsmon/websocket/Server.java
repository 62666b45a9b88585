package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// HTTP server, with or without TLS. Accepts connections, and reads requests until a route answers
/// or the stream takes over; refused requests get to neither.
///
/// What an unadmitted client can use is limited: sizes of heads, times, number of connections.
public final class Server implements AutoCloseable {
  /// Maximum number of event loops. More would only compete with each other, since all write the
  /// same frames.
  private static final int MOST_LOOPS = 4;

  /// Maximum number of connections that wait to be accepted. The kernel reduces it to
  /// `net.core.somaxconn`, see listen(2).
  private static final int BACKLOG = 4096;

  /// Maximum size of one read. What a client sends ahead stays in the kernel's socket buffer.
  private static final int READ_BYTES = 2048;

  /// How often connections are checked against the token and the authorities in force.
  private static final long WITHDRAW_MILLIS = 1_000;

  /// Maximum number of pipelined requests in Netty's codec, which throws beyond it. It is about
  /// what one TLS record (16 KiB) can hold. [HttpHandler] refuses far fewer before that, after
  /// answering the others.
  private static final int MOST_IN_A_READ = 1024;

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

  /// Null before [#start].
  private volatile Door door;

  private EventLoopGroup loops;
  private Channel listener;

  /// @param routes by path; `/events` belongs to the stream. A demanded token is needed for all but
  ///   open routes, see [Route#isOpen]
  /// @param events closed by [#close]
  /// @param remarks receives messages for the operator, on any thread
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

  /// Starts to listen.
  ///
  /// @throws IOException with one line, if the address is not available or a file is invalid
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
    Admissions admissions = new Admissions(settings.limits(), token, tls, remarks);
    listen(tls, admissions);
    ScheduledFuture<?> _ =
        listener
            .eventLoop()
            .scheduleWithFixedDelay(
                () -> withdraw(admissions),
                WITHDRAW_MILLIS,
                WITHDRAW_MILLIS,
                TimeUnit.MILLISECONDS);
    remarks.accept(
        "listening on %s://%s (%s)"
            .formatted(scheme, NetUtil.toSocketAddressString(address()), transport.words()));
    if (tls.isEmpty() && !settings.isLoopback()) {
      remarks.accept("without TLS, the token and all events can be read on their way");
    }
  }

  private void withdraw(Admissions admissions) {
    try {
      admissions.withdraw();
    } catch (RuntimeException e) {
      // An exception would end the schedule.
      door.bug("the check of who is connected", e);
    }
  }

  private void listen(Optional<ServerTls> tls, Admissions admissions) throws IOException {
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
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childHandler(new Connections(tls, admissions))
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
    listener.pipeline().addLast(new AcceptFaults(door));
  }

  /// The kernel's error text, without the name of the system call that Netty's native library puts
  /// before it.
  private static String why(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    int name = message.indexOf("): ");
    return name < 0 ? message : message.substring(name + 3);
  }

  /// Builds the pipeline of a new connection.
  private final class Connections extends ChannelInitializer<SocketChannel> {
    private final Optional<ServerTls> tls;
    private final Admissions admissions;

    Connections(Optional<ServerTls> tls, Admissions admissions) {
      this.tls = tls;
      this.admissions = admissions;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      ConnectionLimit limit = admissions.limit();
      if (!limit.admits(channel)) {
        if (tls.isPresent()) {
          ChannelFuture _ = channel.close();
        } else {
          pipeline.addLast(limit);
        }
        return;
      }
      Optional<ServerTls.Material> material = tls.map(ServerTls::current);
      Admission admission = admissions.begin(channel, material.flatMap(ServerTls.Material::trust));
      pipeline.addLast(admission);
      material.ifPresent(
          one -> pipeline.addLast(one.context().newHandler(channel.alloc(), door.threads())));
      RequestTimer timer = new RequestTimer(times);
      pipeline
          .addLast(timer)
          .addLast(
              new HttpServerCodec(
                  new HttpDecoderConfig()
                      .setMaxInitialLineLength(LONGEST_LINE)
                      .setMaxHeaderSize(LONGEST_HEADERS),
                  MOST_IN_A_READ))
          .addLast(new HttpHandler(door, admission, timer));
    }
  }

  /// Calls the action when an event loop ends while the server is open.
  public void whenFailed(Consumer<Throwable> action) {
    for (EventExecutor loop : loops) {
      Future<?> _ =
          loop.terminationFuture()
              .addListener(
                  _ -> {
                    if (!door.isClosing()) {
                      action.accept(new IllegalStateException("one of its threads has ended"));
                    }
                  });
    }
  }

  /// How many requests were refused because of a wrong token. Any thread.
  public long refusedTokens() {
    return door == null ? 0 : door.gate().refusedTokens();
  }

  /// Address that it listens on. For port 0 it has the port that the kernel chose.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Stops accepting connections, gives clients of the stream some seconds to take the remaining
  /// records, and closes all connections.
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
