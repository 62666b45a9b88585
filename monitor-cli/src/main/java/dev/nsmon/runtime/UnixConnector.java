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

/// Opens connections to UNIX sockets and waits for answers with a timeout.
final class UnixConnector implements AutoCloseable {
  /// Maximum size of an answer.
  static final int MOST_BYTES = 4 << 20;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("runtime-socket", true), NioIoHandler.newFactory());
  private final Duration patience;

  /// @param patience timeout for each connect and each answer
  UnixConnector(Duration patience) {
    this.patience = patience;
  }

  /// Opens a connection, which the caller must close.
  ///
  /// @throws IOException if no process listens there, or this user may not connect
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

  /// Waits for an answer.
  ///
  /// @throws IOException if the request failed or timed out
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

  /// The exception's message, or the name of its class if it has none.
  static String words(Throwable problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
