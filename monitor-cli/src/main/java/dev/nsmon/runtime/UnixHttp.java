package dev.nsmon.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// HTTP/1.1 GET requests over a UNIX socket, each on a connection of its own.
final class UnixHttp {
  private UnixHttp() {}

  /// @param status such as 200
  record Answer(int status, String body) {}

  /// Thrown if the peer does not speak HTTP/1, or closes the connection without an answer.
  static final class NotHttpException extends IOException {
    private static final long serialVersionUID = 1;

    private NotHttpException() {
      super("no HTTP");
    }
  }

  /// Sends a GET request for this path and waits for the answer, whatever its status.
  ///
  /// @throws NotHttpException if the peer speaks another protocol
  /// @throws IOException if the request fails or times out
  static Answer get(UnixConnector connector, Path socket, String path)
      throws IOException, InterruptedException {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Channel channel =
        connector.connect(
            socket,
            new HttpClientCodec(),
            new HttpObjectAggregator(UnixConnector.MOST_BYTES),
            new Reader(answer));
    try {
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
      request.headers().set(HttpHeaderNames.HOST, "localhost");
      request.headers().set(HttpHeaderNames.CONNECTION, "close");
      var _ = channel.writeAndFlush(request);
      return connector.await(answer);
    } finally {
      var _ = channel.close();
    }
  }

  private static final class Reader extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final CompletableFuture<Answer> answer;

    Reader(CompletableFuture<Answer> answer) {
      this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      if (response.decoderResult().isFailure()) {
        answer.completeExceptionally(new NotHttpException());
      } else {
        answer.complete(new Answer(response.status().code(), response.content().toString(UTF_8)));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      // A gRPC server closes the connection when the client's preface is not that of HTTP/2.
      answer.completeExceptionally(new NotHttpException());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(cause);
      var _ = context.close();
    }
  }
}
