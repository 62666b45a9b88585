package dev.nsmon.runtime;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Connects to UNIX sockets, and waits for what comes of it no longer than it should.
final class UnixConnector implements AutoCloseable {
  /// How long an answer may be.
  static final int MOST_BYTES = 4 << 20;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("runtime-socket", true), NioIoHandler.newFactory());
  private final Duration patience;

  /// @param patience how long a runtime may take to accept, and to answer
  UnixConnector(Duration patience) {
    this.patience = patience;
  }

  /// An open connection, which the caller must close.
  ///
  /// @throws IOException if nobody listens, or this user may not connect
  Channel connect(Path socket, ChannelHandler... handlers)
      throws IOException, InterruptedException {
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(NioDomainSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(handlers);
                  }
                })
            .connect(UnixDomainSocketAddress.of(socket));
    connecting.await();
    if (!connecting.isSuccess()) {
      throw asIo(connecting.cause());
    }
    return connecting.channel();
  }

  /// What has come of it.
  ///
  /// @throws IOException if it failed, or nothing has come in time
  <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw asIo(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    }
  }

  private static IOException asIo(Throwable problem) {
    return problem instanceof IOException io ? io : new IOException(words(problem), problem);
  }

  /// What happened; of what has no message the name of its class.
  static String words(Throwable problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
