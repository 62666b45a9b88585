package dev.nsmon.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.Host;
import dev.nsmon.format.Samples;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What is sent arrives as messages, each with its length before it; after a receiver has gone they
/// go to the one that comes.
final class SyslogSinkTest {
  private static final Pattern SEQ = Pattern.compile(" seq=\"(\\d+)\"");

  private final List<String> remarks = new CopyOnWriteArrayList<>();
  private final EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
  private final EventLog.Cursor cursor = log.from(1);
  private final List<Long> seqs = new CopyOnWriteArrayList<>();

  private List<Entry> next() throws InterruptedException {
    log.append(Samples.events("n]g\"i\\nx\n"));
    return cursor.take(100, Duration.ofSeconds(10)).orElseThrow();
  }

  private SyslogSink sink(int port) {
    return new SyslogSink(
        new SyslogReceiver("127.0.0.1", port, Optional.empty()),
        new SyslogFormat(new Host("h", "i", "b"), "s"),
        remarks::add);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return server;
  }

  /// Takes so many messages from the next client, and hangs up.
  private void receive(ServerSocket server, int count) {
    try (Socket client = server.accept();
        InputStream in = new BufferedInputStream(client.getInputStream())) {
      for (int i = 0; i < count; i++) {
        StringBuilder length = new StringBuilder();
        for (int c = in.read(); c != ' '; c = in.read()) {
          length.append((char) c);
        }
        String message = new String(in.readNBytes(Integer.parseInt(length.toString())), UTF_8);
        assertTrue(message.startsWith("<13") && !message.contains("\n"), message);
        Matcher seq = SEQ.matcher(message);
        assertTrue(seq.find(), message);
        seqs.add(Long.parseLong(seq.group(1)));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void aReceiverThatComesBackGoesOn() throws Exception {
    List<Entry> first = next();
    List<Entry> second = next();
    int size = first.size();
    int port;
    ServerSocket server = listen(0);
    port = server.getLocalPort();
    try (SyslogSink sink = sink(port)) {
      Thread receiver = Thread.ofPlatform().start(() -> receive(server, size));
      sink.write(first);
      receiver.join(Duration.ofSeconds(20));
      server.close();
      assertEquals(upTo(size), seqs);
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      // It may be that the end of the connection has not been seen yet.
                      await().until(() -> isHungUp(port));
                      sink.write(second);
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      await().atMost(Duration.ofSeconds(20)).until(() -> !remarks.isEmpty());
      try (ServerSocket again = listen(port)) {
        receive(again, size);
        writer.join(Duration.ofSeconds(20));
        assertEquals(upTo(2L * size), seqs);
        assertTrue(remarks.getLast().contains("works again"), remarks::toString);
      }
    }
  }

  private static boolean isHungUp(int port) throws IOException {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return false;
    } catch (java.net.ConnectException e) {
      return true;
    }
  }

  @Test
  void whyNobodyTakesItIsSaid() throws Exception {
    int port;
    try (ServerSocket server = listen(0)) {
      port = server.getLocalPort();
    }
    List<Entry> entries = next();
    try (SyslogSink sink = sink(port)) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      sink.write(entries);
                    } catch (IOException e) {
                      remarks.add(e.getMessage());
                    }
                  });
      await().until(() -> !remarks.isEmpty());
      assertEquals(List.of("tcp://127.0.0.1:" + port + ": can't be reached; trying on"), remarks);
      writer.interrupt();
      await().until(() -> remarks.size() == 2);
      assertEquals("interrupted", remarks.getLast());
    }
  }

  @Test
  void anotherFormatIsTheMessage() throws Exception {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    Host host = new Host("h", "i", "b");
    new SyslogFormat(host, "s")
        .carrying(new dev.nsmon.format.CefFormat(host, "s", "1"))
        .write(7, Samples.events("x").getFirst(), out);
    assertTrue(
        out.toString(US_ASCII)
            .startsWith(
                "<134>1 2026-11-23T10:00:00.123456Z h nsmon - NSCREATE - CEF:0|nsmon|nsmon|1|"),
        out.toString(US_ASCII));
  }
}
