package dev.nsmon.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nsmon.format.SyslogFormat;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/// Sends records to a syslog receiver over TCP with octet counting (RFC 6587, section 3.4.1) or
/// over TLS (RFC 5425). While the receiver can't be reached it retries; after a failed send it
/// sends the whole batch again.
///
/// Neither protocol has acknowledgements. Messages that were in flight when the receiver failed may
/// be lost, and no loss is reported.
public final class SyslogSink implements Sink {
  private final SyslogReceiver receiver;
  private final Outage outage;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream(1024);
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(64 * 1024);

  private volatile SyslogFormat format;

  /// The current connection; null before the first one and after a failure.
  private Connection connection;

  /// @param remarks receives messages for people
  /// @param nanoTime monotonic time
  public SyslogSink(
      SyslogReceiver receiver,
      SyslogFormat format,
      Consumer<String> remarks,
      LongSupplier nanoTime) {
    this(receiver, format, new Outage(receiver.toString(), remarks, nanoTime, Thread::sleep));
  }

  SyslogSink(SyslogReceiver receiver, SyslogFormat format, Outage outage) {
    this.receiver = receiver;
    this.format = format;
    this.outage = outage;
  }

  /// A connection with a virtual thread that detects its end. It reads and ignores all input,
  /// because a receiver sends none.
  private static final class Connection {
    private final Socket socket;

    /// True once the receiver has closed the connection or it has failed. Set by the reading
    /// thread, never cleared.
    private volatile boolean over;

    Connection(Socket socket) {
      this.socket = socket;
      Thread.ofVirtual().name("syslog-end").start(this::awaitEnd);
    }

    private void awaitEnd() {
      try (socket) {
        byte[] said = new byte[256];
        while (socket.getInputStream().read(said) >= 0) {
          // Ignored.
        }
      } catch (IOException e) {
        // This ends the connection too.
      }
      over = true;
    }

    void send(byte[] bytes) throws IOException {
      if (!over) {
        socket.getOutputStream().write(bytes);
      }
      if (over) {
        throw new IOException("the receiver hung up");
      }
    }

    void close() throws IOException {
      socket.close();
    }
  }

  /// Replaces the format, from the next batch on. Any thread.
  public void format(SyslogFormat next) {
    format = next;
  }

  @Override
  public Appetite write(List<Entry> entries) throws IOException {
    SyslogFormat now = format;
    batch.reset();
    for (Entry entry : entries) {
      message.reset();
      now.write(entry.seq(), entry.event(), message);
      int length = message.size() - 1;
      batch.writeBytes((length + " ").getBytes(US_ASCII));
      batch.write(message.toByteArray(), 0, length);
    }
    byte[] bytes = batch.toByteArray();
    while (true) {
      try {
        if (connection == null) {
          connection = new Connection(receiver.connect());
        }
        connection.send(bytes);
        outage.over();
        return Appetite.MORE;
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        outage.because(words(e));
        letGo();
        pause();
      }
    }
  }

  private void letGo() throws IOException {
    if (connection != null) {
      Connection old = connection;
      connection = null;
      old.close();
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      outage.pause();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  private static String words(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "unknown host";
      case SocketTimeoutException _ -> "does not answer";
      case ConnectException _ -> "can't be reached";
      case SSLException tls -> "TLS: " + tls.getMessage();
      default -> e.getMessage();
    };
  }

  @Override
  public void close() throws IOException {
    letGo();
  }
}
