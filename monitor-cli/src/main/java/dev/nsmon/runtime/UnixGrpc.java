package dev.nsmon.runtime;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A gRPC connection over a UNIX socket for unary calls, one after the other.
///
/// Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
final class UnixGrpc implements AutoCloseable {
  /// Length of a message's prefix: a byte for compression, then four for the message's length.
  private static final int PREFIX = 5;

  private final UnixConnector connector;
  private final Channel channel;

  UnixGrpc(UnixConnector connector, Path socket) throws IOException, InterruptedException {
    this.connector = connector;
    this.channel =
        connector.connect(
            socket,
            Http2FrameCodecBuilder.forClient().build(),
            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
            new Faults());
  }

  /// @param status of gRPC: 0 is OK
  /// @param words the error message of the server; "" if there is none
  /// @param message an empty message if there is none
  record Answer(int status, String words, Protobuf message) {
    private static final int OK = 0;
    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;

    boolean isOk() {
      return status == OK;
    }

    /// Whether the object, or the service itself, does not exist.
    boolean isNone() {
      return status == NOT_FOUND || status == UNIMPLEMENTED;
    }
  }

  /// Calls a method and waits for its answer.
  ///
  /// @param method `/package.Service/Method`
  /// @param metadata additional headers
  /// @throws IOException if the call fails or times out; an error status is no exception
  Answer call(String method, byte[] message, Map<String, String> metadata)
      throws IOException, InterruptedException {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Future<Http2StreamChannel> opening =
        new Http2StreamChannelBootstrap(channel).handler(new Reader(answer)).open().await();
    if (!opening.isSuccess()) {
      throw new IOException(opening.cause());
    }
    Http2StreamChannel stream = opening.getNow();
    try {
      Http2Headers headers =
          new DefaultHttp2Headers()
              .method("POST")
              .scheme("http")
              .authority("localhost")
              .path(method)
              .set("content-type", "application/grpc")
              .set("te", "trailers");
      metadata.forEach(headers::set);
      var _ = stream.write(new DefaultHttp2HeadersFrame(headers));
      ByteBuf body = Unpooled.buffer(PREFIX + message.length);
      body.writeByte(0).writeInt(message.length).writeBytes(message);
      var _ = stream.writeAndFlush(new DefaultHttp2DataFrame(body, true));
      return connector.await(answer);
    } finally {
      var _ = stream.close();
    }
  }

  @Override
  public void close() {
    var _ = channel.close();
  }

  /// Closes the connection if the peer does not speak HTTP/2.
  private static final class Faults extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // This also closes the open stream, whose handler then fails the waiting call.
      var _ = context.close();
    }
  }

  private static final class Reader extends SimpleChannelInboundHandler<Http2StreamFrame> {
    private final CompletableFuture<Answer> answer;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Reader(CompletableFuture<Answer> answer) {
      this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame)
        throws IOException {
      switch (frame) {
        case Http2DataFrame data -> {
          data.content().readBytes(body, data.content().readableBytes());
          if (body.size() > UnixConnector.MOST_BYTES) {
            throw new IOException("an answer of more than 4 MiB");
          }
        }
        case Http2HeadersFrame headers when headers.isEndStream() -> end(headers.headers());
        case Http2ResetFrame reset -> throw new IOException("reset, " + reset.errorCode());
        default -> {}
      }
    }

    private void end(Http2Headers trailers) throws IOException {
      CharSequence status = trailers.get("grpc-status");
      if (status == null) {
        throw new IOException("no gRPC");
      }
      ByteBuffer message = ByteBuffer.wrap(body.toByteArray());
      message.position(Math.min(PREFIX, message.limit()));
      CharSequence words = trailers.get("grpc-message");
      answer.complete(
          new Answer(
              Integer.parseInt(status.toString()),
              words == null ? "" : words.toString(),
              Protobuf.read(message)));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.completeExceptionally(new IOException("hung up"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }
}
