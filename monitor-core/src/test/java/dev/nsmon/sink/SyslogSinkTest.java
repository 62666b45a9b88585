package dev.nsmon.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.Host;
import dev.nsmon.format.Samples;
import dev.nsmon.format.SyslogFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.testing.ReservedPort;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
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
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PATIENCE_MILLIS = Math.toIntExact(PATIENCE.toMillis());
  private static final Pattern SEQ = Pattern.compile(" seq=\"(\\d+)\"");

  private final List<String> remarks = new CopyOnWriteArrayList<>();
  private final EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
  private final EventLog.Cursor cursor = log.from(1);
  private final List<Long> seqs = new CopyOnWriteArrayList<>();

  private List<Entry> next() throws InterruptedException {
    log.append(Samples.events("n]g\"i\\nx\n"));
    return cursor.take(100, Duration.ofSeconds(10)).orElseThrow();
  }

  private static SyslogReceiver receiver(int port) {
    return new SyslogReceiver("127.0.0.1", port, Optional.empty());
  }

  private SyslogSink sink(int port) {
    return new SyslogSink(
        receiver(port),
        new SyslogFormat(new Host("h", "i", "b"), "s"),
        remarks::add,
        System::nanoTime);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MILLIS);
    return server;
  }

  /// Takes so many messages from the next client, hangs up, and waits until the client has noticed:
  /// what is sent before that is lost, as RFC 6587 has it.
  private void receive(ServerSocket server, int count) {
    try (Socket client = server.accept();
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(client.getInputStream()))) {
      client.setSoTimeout(PATIENCE_MILLIS);
      for (int i = 0; i < count; i++) {
        byte[] bytes = new byte[length(in)];
        in.readFully(bytes);
        String message = new String(bytes, UTF_8);
        assertTrue(message.startsWith("<13") && !message.contains("\n"), message);
        Matcher seq = SEQ.matcher(message);
        assertTrue(seq.find(), message);
        seqs.add(Long.parseLong(seq.group(1)));
      }
      client.shutdownOutput();
      assertEquals(-1, in.read());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The length before a message: a few digits and a space (RFC 6587 3.4.1).
  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    for (int digits = 0; ; digits++) {
      int c = in.readUnsignedByte();
      if (c == ' ' && digits > 0) {
        return length;
      }
      assertTrue(c >= '0' && c <= '9' && digits < 6, () -> "in place of a length: " + (char) c);
      length = 10 * length + c - '0';
    }
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /// It would be lost with the receiver. (Linux doubles it, the JDK halves what it then is.)
  @Test
  void theKernelHoldsNoMegabytesThatNobodyHasRead() throws IOException {
    try (ServerSocket server = listen(0);
        Socket socket = receiver(server.getLocalPort()).connect()) {
      assertTrue(socket.getSendBufferSize() <= 128 << 10);
    }
  }

  @Test
  void aReceiverThatComesBackGoesOn() throws Exception {
    List<Entry> first = next();
    List<Entry> second = next();
    int size = first.size();
    try (ReservedPort port = ReservedPort.open();
        SyslogSink sink = sink(port.number())) {
      try (ServerSocket server = listen(port.number())) {
        Thread receiver = Thread.ofPlatform().start(() -> receive(server, size));
        sink.write(first);
        assertTrue(receiver.join(PATIENCE));
        assertEquals(upTo(size), seqs);
      }
      Thread writer = Thread.ofPlatform().start(() -> write(sink, second));
      await().atMost(PATIENCE).until(() -> !remarks.isEmpty());
      try (ServerSocket again = listen(port.number())) {
        receive(again, size);
        assertTrue(writer.join(PATIENCE));
        assertEquals(upTo(2L * size), seqs);
        assertTrue(remarks.getLast().contains("works again"), remarks::toString);
      }
    }
  }

  private static void write(SyslogSink sink, List<Entry> entries) {
    try {
      sink.write(entries);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whyNobodyTakesItIsSaid() throws Exception {
    List<Entry> entries = next();
    try (ReservedPort port = ReservedPort.open();
        SyslogSink sink = sink(port.number())) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () ->
                      remarks.add(
                          assertThrows(IOException.class, () -> sink.write(entries)).getMessage()));
      await().until(() -> !remarks.isEmpty());
      assertEquals(
          List.of("tcp://127.0.0.1:" + port.number() + ": can't be reached; trying on"), remarks);
      writer.interrupt();
      assertTrue(writer.join(PATIENCE));
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
