package dev.nsmon.cli;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One WebSocket to a monitor, from which one thread takes what has come. It asks for more only
/// when that has been taken, so that what a slow reader does not read waits at the monitor.
final class RemoteConnection implements AutoCloseable {
  private static final int WINDOW = 512;
  private static final int MOST_CHARS = 8 << 20;
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Ear ear = new Ear();
  private final LinkedBlockingQueue<Optional<String>> messages = new LinkedBlockingQueue<>();
  private final long silenceNanos;
  private final WebSocket socket;
  private volatile long heardNanos = System.nanoTime();
  private volatile String why = "";

  /// Connects.
  ///
  /// @param silence how long a monitor that lives may say nothing: it pings
  RemoteConnection(Remote remote, String pathAndQuery, Duration silence)
      throws RemoteFault, InterruptedException {
    this.silenceNanos = silence.toNanos();
    this.socket = remote.connect(pathAndQuery, ear);
  }

  /// Waits for messages and takes those that there are; empty when the connection has ended.
  Optional<List<String>> take() throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      Optional<String> first = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        return taken(first);
      }
      // What comes while nobody takes it is heard late.
      if (System.nanoTime() - Math.max(begun, heardNanos) > silenceNanos) {
        why = "nothing heard for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s";
        return Optional.empty();
      }
    }
  }

  /// What has come and was not taken, without waiting.
  List<String> rest() {
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
    socket.request(taken.size());
    return Optional.of(taken);
  }

  /// Why it has ended.
  String why() {
    return why;
  }

  @Override
  public void close() {
    CompletableFuture<?> _ =
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((_, _) -> socket.abort());
  }

  /// Called by the client's threads, one at a time.
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onOpen(WebSocket opened) {
      opened.request(WINDOW);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heardNanos = System.nanoTime();
      text.append(data);
      if (text.length() > MOST_CHARS) {
        end("a message of more than 8 MiB");
        from.abort();
      } else if (last) {
        messages.add(Optional.of(text.toString()));
        text.setLength(0);
      } else {
        from.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      return pass(from);
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
      return pass(from);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      return pass(from);
    }

    private CompletionStage<?> pass(WebSocket from) {
      heardNanos = System.nanoTime();
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end("closed with " + code + (reason.isEmpty() ? "" : " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable problem) {
      end(Remote.words(problem));
    }

    private void end(String because) {
      why = because;
      messages.add(Optional.empty());
    }
  }
}
