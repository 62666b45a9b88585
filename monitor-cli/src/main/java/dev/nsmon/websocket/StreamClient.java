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

/// One WebSocket to the stream of a monitor elsewhere, from which one thread takes what has come.
/// It reads on only when that has been taken, so that what a slow reader does not read waits at the
/// monitor.
///
/// Not that of `java.net.http` (JDK 25): where the other end hangs up right after the handshake, it
/// tells nobody.
public final class StreamClient implements AutoCloseable {
  /// How long a message may be.
  static final int MOST_BYTES = 8 << 20;

  private static final int WINDOW = 512;
  private static final int REFUSAL_BYTES = 64 << 10;
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("stream", true), NioIoHandler.newFactory());
  private final LinkedBlockingQueue<Optional<String>> messages = new LinkedBlockingQueue<>();
  private final long silenceNanos;
  private final HostClock clock;
  private Channel channel;
  private volatile long heardNanos;
  private volatile String why = "";

  private StreamClient(Duration silence, HostClock clock) {
    this.clock = clock;
    this.heardNanos = clock.nanoTime();
    this.silenceNanos = silence.toNanos();
  }

  /// Connects.
  ///
  /// @param uri `ws` or `wss`, with a port
  /// @param token to show, if one is wanted
  /// @param tls whom to trust, for `wss`
  /// @param patience how long that may take
  /// @param silence how long a monitor that lives may say nothing: it pings
  /// @throws RefusedException if there is a server that does not want this client
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

  /// Something has come, be it a ping. On the loop.
  void heard() {
    heardNanos = clock.nanoTime();
  }

  /// A message has come. On the loop.
  void take(String message, Channel from) {
    messages.add(Optional.of(message));
    if (messages.size() >= WINDOW) {
      from.config().setAutoRead(false);
    }
  }

  /// Nothing more will come. On the loop; the first reason counts.
  void end(String because) {
    if (why.isEmpty()) {
      why = because;
      messages.add(Optional.empty());
    }
  }

  /// Waits for messages and takes those that there are; empty when the connection has ended.
  public Optional<List<String>> take() throws InterruptedException {
    long begun = clock.nanoTime();
    while (true) {
      Optional<String> first = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        return taken(first);
      }
      // What comes while nobody takes it is heard late.
      if (clock.nanoTime() - Math.max(begun, heardNanos) > silenceNanos) {
        why = "nothing heard for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s";
        return Optional.empty();
      }
    }
  }

  /// What has come and was not taken, without waiting.
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

  /// Why it has ended.
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
