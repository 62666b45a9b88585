package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// How many clients are sent how much, beside bare Netty servers that send the same bytes: one that
/// writes each event to a group of channels, and one that writes what came in a millisecond at
/// once.
///
/// The clients are a process of their own.
public final class WebSocketBenchmark {
  private WebSocketBenchmark() {}

  /// Runs all: 1,000 clients at 1,000 events/s, one of them stalled or not, and 10,000 idle ones.
  public static void run() throws Exception {
    for (int round = 0; round < 2; round++) {
      for (String peer : List.of("ours", "bare", "batched")) {
        run(peer, 1000, 1000, 10, 0);
      }
      run("ours", 1000, 1000, 10, 1);
    }
    idle(10_000);
  }

  /// The clients' process.
  private record Clients(Process process, BufferedReader said) implements AutoCloseable {
    static Clients start(int port, int count, int stalled) throws IOException {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Xmx1g",
                  "-cp",
                  System.getProperty("java.class.path"),
                  BenchmarkClients.class.getName(),
                  Integer.toString(port),
                  Integer.toString(count),
                  Integer.toString(stalled))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader said =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      if (!"ready".equals(said.readLine())) {
        throw new IOException("the clients did not connect");
      }
      return new Clients(process, said);
    }

    /// Frames since the last time, median and 99th percentile of the latency in microseconds, CPU
    /// time in milliseconds, and how many have lost the connection.
    long[] ask() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      String[] words = said.readLine().split(" ", -1);
      long[] numbers = new long[words.length];
      for (int i = 0; i < words.length; i++) {
        numbers[i] = Long.parseLong(words[i]);
      }
      return numbers;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static void run(String peer, int clients, int rate, int seconds, int stalled)
      throws Exception {
    try (StreamFixture fixture = new StreamFixture(16 << 20, 8 << 20, Timing.DEFAULT, 1, 0, true)) {
      fixture.world.change(10);
      Bare bare = peer.equals("ours") ? null : new Bare(peer.equals("batched"));
      fixture.bare = bare == null ? null : bare.group;
      try (Clients process = Clients.start(fixture.port(), clients, stalled)) {
        // Until all is compiled and has settled.
        feed(fixture, bare, rate, 3);
        TimeUnit.SECONDS.sleep(2);
        long[] before = process.ask();
        long cpu = BenchmarkClients.cpuMillis();
        long began = System.nanoTime();
        feed(fixture, bare, rate, seconds);
        long[] during = process.ask();
        double took = (System.nanoTime() - began) / 1e9;
        long own = BenchmarkClients.cpuMillis() - cpu;
        TimeUnit.SECONDS.sleep(2);
        long[] after = process.ask();
        System.out.printf(
            "%-8s %d clients, %d stalled, %d events/s, %.1f s: %,.0f frames/s, in the end %.1f%%,"
                + " latency %.1f ms median %.1f ms p99, CPU %.0f%% and clients %.0f%%, gone %d%n",
            peer,
            clients,
            stalled,
            rate,
            took,
            during[0] / took,
            100.0 * (during[0] + after[0]) / ((double) (clients - stalled) * rate * seconds),
            during[1] / 1e3,
            during[2] / 1e3,
            own / took / 10,
            (during[3] - before[3]) / took / 10,
            after[4]);
      }
    }
  }

  /// Every millisecond what is due.
  private static void feed(StreamFixture fixture, Bare bare, int rate, int seconds) {
    long began = System.nanoTime();
    long fed = 0;
    while (fed < (long) rate * seconds) {
      long due =
          Math.min((long) rate * seconds, (System.nanoTime() - began) * rate / 1_000_000_000L);
      List<NamespaceEvent> batch = new ArrayList<>();
      for (; fed < due; fed++) {
        batch.add(event((int) fed));
      }
      if (bare != null) {
        bare.send(batch);
      } else {
        fixture.world.log.append(batch);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static NamespaceEvent event(int i) {
    long id = 100_000L + i;
    Namespace net =
        new Namespace(
            NamespaceType.NET,
            4026532000L + id,
            id,
            Namespace.keyOfId(NamespaceType.NET, id),
            false,
            "",
            "user:1",
            -1,
            Optional.empty());
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    links[NamespaceType.NET.ordinal()] = net;
    String cgroup = "/docker/" + "0123456789abcdef".repeat(4);
    Task task =
        new Task(
            2000 + i % 1000,
            0,
            i,
            Task.State.LIVE,
            new NamespaceSet(links),
            new ProcessInfo(123, 1, "nginx", "/usr/sbin/nginx", 33, List.of(2000, 1), cgroup));
    Sighting now = new Sighting(Instant.now(), Optional.empty(), Source.PERF);
    return new Created(now, net, Optional.of(task), List.of());
  }

  /// A server that writes to whoever has shaken hands.
  private static final class Bare {
    final ChannelGroup group = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final FrameEncoder encoder =
        new FrameEncoder(Framing.JSON, StreamFixture.HOST, StreamFixture.STREAM);
    private final boolean batched;
    private long seq;

    Bare(boolean batched) {
      this.batched = batched;
    }

    void send(List<NamespaceEvent> batch) {
      List<ByteBuf> frames = new ArrayList<>();
      for (NamespaceEvent event : batch) {
        encoder.encode(new Entry(++seq, event));
        ByteBuf frame = Unpooled.directBuffer(encoder.length());
        frame.writeBytes(encoder.array(), encoder.begin(), encoder.length());
        frames.add(frame);
      }
      if (frames.isEmpty()) {
        return;
      }
      if (!batched) {
        for (ByteBuf frame : frames) {
          ChannelGroupFuture _ = group.writeAndFlush(frame);
        }
        return;
      }
      ByteBuf all = Unpooled.directBuffer();
      frames.forEach(
          one -> {
            all.writeBytes(one);
            one.release();
          });
      Map<EventLoop, List<Channel>> loops = new HashMap<>();
      for (Channel channel : group) {
        loops.computeIfAbsent(channel.eventLoop(), _ -> new ArrayList<>()).add(channel);
      }
      loops.forEach(
          (loop, channels) -> {
            all.retain();
            loop.execute(
                () -> {
                  for (Channel channel : channels) {
                    ChannelFuture _ = channel.writeAndFlush(all.retainedDuplicate());
                  }
                  all.release();
                });
          });
      all.release();
    }
  }

  private static void idle(int clients) throws Exception {
    try (StreamFixture fixture = new StreamFixture(16 << 20, 8 << 20, Timing.DEFAULT, 1, 0, true)) {
      fixture.world.change(10);
      // What the first costs once.
      try (Clients _ = Clients.start(fixture.port(), 200, 0)) {
        settle();
      }
      settle();
      long heap = heap();
      long resident = resident();
      try (Clients process = Clients.start(fixture.port(), clients, 0)) {
        settle();
        System.out.printf(
            "%d idle clients: %,d bytes of heap each, %,d bytes resident each%n",
            fixture.stream.clients(), (heap() - heap) / clients, (resident() - resident) / clients);
        for (int i = 0; i < 5; i++) {
          TimeUnit.SECONDS.sleep(5);
          fixture.world.change(10);
        }
        TimeUnit.SECONDS.sleep(2);
        long[] said = process.ask();
        System.out.printf(
            "half a minute later: %d clients, %d frames, %d gone%n",
            fixture.stream.clients(), said[0], said[4]);
      }
    }
  }

  private static void settle() throws InterruptedException {
    TimeUnit.SECONDS.sleep(2);
    System.gc();
    TimeUnit.SECONDS.sleep(1);
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return 0;
  }
}
