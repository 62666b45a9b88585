package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/// WebSocket client of a remote monitor's stream. One thread takes the messages. If [#WINDOW]
/// messages are waiting, reading stops, so that the backlog of a slow consumer stays at the
/// monitor.
///
/// The client of `java.net.http` (JDK 25) does not serve here: it does not report a connection that
/// ends right after the handshake.
public final class StreamClient implements AutoCloseable {
  /// Maximum size of a message in bytes.
  static final int MOST_BYTES = 8 << 20;

  /// Number of waiting messages at which reading stops.
  private static final int WINDOW = 512;

  private static final int REFUSAL_BYTES = 64 << 10;

  /// How often [#take] checks for silence while it waits.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("stream", true), NioIoHandler.newFactory());
  private final LinkedBlockingQueue<Optional<String>> messages = new LinkedBlockingQueue<>();
  private final long silenceNanos;
  private final HostClock clock;
  private Channel channel;

  /// When the last bytes of the monitor were read, by the monotonic clock. Set on the event loop.
  private volatile long heardNanos;

  /// Why the connection has ended; empty while it is open. Set by the event loop at its end, or by
  /// [#take] after too long a silence.
  private volatile String why = "";

  private StreamClient(Duration silence, HostClock clock) {
    this.clock = clock;
    this.heardNanos = clock.nanoTime();
    this.silenceNanos = silence.toNanos();
  }

  /// Connects, and waits for the WebSocket handshake.
  ///
  /// @param uri `ws` or `wss`, with a port
  /// @param token bearer token; empty if none is demanded
  /// @param tls trusted authorities, for `wss`
  /// @param patience time limit of the TCP connection, and again of the handshake
  /// @param silence after this time without a message or ping the connection counts as broken
  /// @throws RefusedException if the server answers with another status than 101
  /// @throws IOException if there is no connection or no answer in time
  public static StreamClient connect(
      URI uri,
      Optional<String> token,
      SSLContext tls,
      Duration patience,
      Duration silence,
      HostClock clock)
      throws IOException, InterruptedException {
    StreamClient client = new StreamClient(silence, clock);
    try {
      client.open(uri, token, tls, patience);
      return client;
    } catch (IOException | InterruptedException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private void open(URI uri, Optional<String> token, SSLContext tls, Duration patience)
      throws IOException, InterruptedException {
    StreamClientHandler handler = new StreamClientHandler(uri, token, this);
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(patience.toMillis()))
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel one) {
                    if (uri.getScheme().equals("wss")) {
                      one.pipeline().addLast(new SslHandler(engine(tls, uri)));
                    }
                    one.pipeline()
                        .addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(REFUSAL_BYTES),
                            new WebSocketFrameAggregator(MOST_BYTES),
                            handler);
                  }
                })
            .connect(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort());
    channel = connecting.channel();
    connecting.await();
    if (!connecting.isSuccess()) {
      throw asIo(connecting.cause());
    }
    try {
      handler.opening().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw asIo(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no answer", e);
    }
  }

  private static IOException asIo(Throwable problem) {
    return problem instanceof IOException io ? io : new IOException(problem.getMessage(), problem);
  }

  private static SSLEngine engine(SSLContext tls, URI uri) {
    SSLEngine engine = tls.createSSLEngine(uri.getHost(), uri.getPort());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// Notes that something was received, pings included. Event loop only.
  void heard() {
    heardNanos = clock.nanoTime();
  }

  /// Adds a message to the waiting ones. Event loop only.
  void take(String message, Channel from) {
    messages.add(Optional.of(message));
    if (messages.size() >= WINDOW) {
      from.config().setAutoRead(false);
    }
  }

  /// Notes the end of the connection, with the first reason. Event loop only.
  void end(String because) {
    if (why.isEmpty()) {
      why = because;
      messages.add(Optional.empty());
    }
  }

  /// Waits for messages and takes all that have come. Empty if the connection has ended or is
  /// silent for too long.
  public Optional<List<String>> take() throws InterruptedException {
    long begun = clock.nanoTime();
    while (true) {
      Optional<String> first = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        return taken(first);
      }
      // While too many messages wait, nothing is read, not even pings. So silence counts from the
      // start of this call at the earliest.
      if (clock.nanoTime() - Math.max(begun, heardNanos) > silenceNanos) {
        why = "nothing heard for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s";
        return Optional.empty();
      }
    }
  }

  /// Takes the messages that have come, without waiting; empty if there are none.
  public List<String> rest() {
    Optional<String> first = messages.poll();
    return first == null ? List.of() : taken(first).orElse(List.of());
  }

  private Optional<List<String>> taken(Optional<String> first) {
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<String> taken = new ArrayList<>();
    taken.add(first.get());
    while (messages.peek() != null && messages.peek().isPresent()) {
      taken.add(messages.remove().orElseThrow());
    }
    channel.config().setAutoRead(true);
    return Optional.of(taken);
  }

  /// Why the connection has ended; empty while it is open. Any thread.
  public String why() {
    return why;
  }

  @Override
  public void close() {
    if (why.isEmpty() && channel != null) {
      ChannelFuture _ = channel.writeAndFlush(new CloseWebSocketFrame(1000, ""));
    }
    Future<?> _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
