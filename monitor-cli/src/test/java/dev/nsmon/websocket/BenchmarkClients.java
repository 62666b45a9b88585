package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Many clients in a process of their own, which count frames and how late they are.
///
/// `BenchmarkClients PORT CLIENTS STALLED`: says `ready` when all are connected, answers each line
/// of stdin by the frames since the one before and their latencies, and ends with stdin.
final class BenchmarkClients {
  private static final AtomicLong FRAMES = new AtomicLong();
  private static final AtomicInteger GONE = new AtomicInteger();
  private static final int[] LATENCIES = new int[1 << 20];
  private static final AtomicInteger SAMPLES = new AtomicInteger();
  private static final int SAMPLED = 20;

  private BenchmarkClients() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    int clients = Integer.parseInt(args[1]);
    int stalled = Integer.parseInt(args[2]);
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Semaphore connecting = new Semaphore(200);
    for (int i = 0; i < clients; i++) {
      connecting.acquire();
      Connection connection = new Connection(connecting, i, i < stalled);
      new Bootstrap()
          .group(group)
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.SO_RCVBUF, i < stalled ? 4096 : 256 << 10)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(connection);
                }
              })
          .connect("127.0.0.1", port)
          .sync();
    }
    connecting.acquire(200);
    System.out.println("ready");
    long frames = 0;
    while (System.in.read() >= 0) {
      long now = FRAMES.get();
      int samples = Math.min(SAMPLES.getAndSet(0), LATENCIES.length);
      int[] sorted = Arrays.copyOf(LATENCIES, samples);
      Arrays.sort(sorted);
      System.out.println(
          (now - frames)
              + " "
              + (samples == 0 ? 0 : sorted[samples / 2])
              + " "
              + (samples == 0 ? 0 : sorted[(int) (samples * 0.99)])
              + " "
              + cpuMillis()
              + " "
              + GONE.get());
      frames = now;
    }
    System.exit(0);
  }

  static long cpuMillis() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
  }

  private static final class Connection extends ChannelInboundHandlerAdapter {
    private final Semaphore connecting;
    private final int number;
    private final boolean stalls;
    private boolean open;
    private int last;
    private final byte[] head = new byte[10];
    private int headLength;
    private long left;
    private int first;

    Connection(Semaphore connecting, int number, boolean stalls) {
      this.connecting = connecting;
      this.number = number;
      this.stalls = stalls;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      String request =
          """
          GET /events?baseline=false HTTP/1.1\r
          Host: localhost\r
          Connection: Upgrade\r
          Upgrade: websocket\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          \r
          """;
      ChannelFuture _ = ctx.writeAndFlush(Unpooled.copiedBuffer(request, US_ASCII));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      GONE.incrementAndGet();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      try {
        if (!open) {
          handshake(ctx, in);
        }
        int frames = 0;
        while (in.isReadable()) {
          if (left > 0) {
            int skipped = (int) Math.min(left, in.readableBytes());
            in.skipBytes(skipped);
            left -= skipped;
          } else if (header(in)) {
            frames += (first & 15) == 1 ? 1 : 0;
            if ((first & 15) == 9) {
              // A pong with a mask of zeros.
              byte[] pong = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};
              ChannelFuture _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(pong));
            } else if (number % SAMPLED == 0 && in.readableBytes() >= Math.min(left, 160)) {
              sample(in);
            }
          }
        }
        FRAMES.addAndGet(frames);
      } finally {
        in.release();
      }
    }

    private void handshake(ChannelHandlerContext ctx, ByteBuf in) {
      while (in.isReadable()) {
        last = (last << 8) | in.readByte();
        if (last == 0x0d0a0d0a) {
          open = true;
          connecting.release();
          if (stalls) {
            ctx.channel().config().setAutoRead(false);
          }
          return;
        }
      }
    }

    private boolean header(ByteBuf in) {
      while (in.isReadable()) {
        head[headLength++] = in.readByte();
        int more = headLength < 2 ? 8 : head[1] == 126 ? 2 : head[1] == 127 ? 8 : 0;
        if (headLength >= 2 && headLength == 2 + more) {
          first = head[0];
          left = more == 0 ? head[1] : 0;
          for (int i = 0; i < more; i++) {
            left = (left << 8) | (head[2 + i] & 255);
          }
          headLength = 0;
          return true;
        }
      }
      return false;
    }

    private void sample(ByteBuf in) {
      // ..."time":"2026-11-23T10:00:00.123456Z"
      int begin = in.readerIndex();
      int end = begin + (int) Math.min(left, 160) - 36;
      for (int i = begin; i < end; i++) {
        if (in.getByte(i) == 't' && in.getByte(i + 1) == 'i' && in.getByte(i + 5) == ':') {
          Instant time = Instant.parse(in.toString(i + 7, 27, US_ASCII));
          Instant now = Instant.now();
          long micros =
              (now.getEpochSecond() - time.getEpochSecond()) * 1_000_000
                  + (now.getNano() - time.getNano()) / 1000;
          int sample = SAMPLES.getAndIncrement();
          if (sample < LATENCIES.length) {
            LATENCIES[sample] = (int) micros;
          }
          return;
        }
      }
    }
  }
}
