package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.EventFilter;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.testing.TestClock;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A monitor that says nothing, not even a ping, is taken for gone.
@Timeout(60)
final class RemoteTailTest {
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private final List<String> remarks = new CopyOnWriteArrayList<>();

  private static Remote remote(RemoteServer server) throws Exception {
    String[] place = server.address().split(":", -1);
    return new Remote(
        new Place.Monitor(false, "localhost:" + place[1]), Optional.empty(), Optional.empty());
  }

  /// The numbers of the records that it hands over, up to this one.
  private List<Long> follow(RemoteServer server, long last) throws Exception {
    List<Long> seqs = new ArrayList<>();
    new RemoteTail(remote(server), EventFilter.ALL, remarks::add, SILENCE, HostClock.SYSTEM)
        .run(
            records -> {
              records.forEach(one -> seqs.add(one.told().seq()));
              return seqs.getLast() < last;
            });
    return seqs;
  }

  @Test
  void silenceIsTheEndOfAConnection() throws Exception {
    try (RemoteServer server =
        new RemoteServer(client -> client.accept().tell(Told.left("s", client.number() + 1)))) {
      assertEquals(List.of(1L, 2L), follow(server, 2));
      assertEquals(2, remarks.size(), remarks::toString);
      assertTrue(
          remarks.get(0).endsWith(": nothing heard for 2 s; trying again"), remarks::toString);
      assertTrue(remarks.get(1).endsWith(": connected, going on after seq 1"), remarks::toString);
    }
  }

  @Test
  void whoPingsIsThere() throws Exception {
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              client.accept().tell(Told.left("s", 1));
              pingFor(client, SILENCE.multipliedBy(2));
              client.tell(Told.left("s", 2));
            })) {
      assertEquals(List.of(1L, 2L), follow(server, 2));
      assertEquals(List.of(), remarks);
    }
  }

  private static void pingFor(RemoteServer.Client client, Duration time) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < time.toNanos()) {
      client.channel().writeAndFlush(new PingWebSocketFrame()).awaitUninterruptibly();
      client
          .channel()
          .eventLoop()
          .schedule(() -> {}, 200, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly();
    }
  }

  /// It is waited this long before the next attempt, or up to half as much less.
  private static void assertPause(long longestMillis, TestClock clock) throws Exception {
    Duration pause = clock.awaitSleeper();
    assertTrue(pause.toMillis() <= longestMillis, () -> pause + " before " + longestMillis);
    assertTrue(pause.toMillis() >= longestMillis / 2, () -> pause + " before " + longestMillis);
    clock.advance(pause);
  }

  @Test
  void pausesDoubleUpToTenSecondsAndAnInterruptEndsThem() throws Exception {
    TestClock clock = new TestClock();
    try (RemoteServer server = new RemoteServer(RemoteServer.Client::cut)) {
      RemoteTail tail = new RemoteTail(remote(server), EventFilter.ALL, remarks::add, clock);
      CompletableFuture<Class<?>> end = new CompletableFuture<>();
      Thread thread = Thread.ofVirtual().start(() -> end.complete(failure(tail)));
      for (long longest : new long[] {200, 400, 800, 1600, 3200, 6400, 10_000, 10_000}) {
        assertPause(longest, clock);
      }
      clock.awaitSleeper();
      thread.interrupt();
      assertEquals(InterruptedException.class, end.join());
      assertEquals(1, remarks.size(), remarks::toString);
    }
  }

  private static Class<?> failure(RemoteTail tail) {
    try {
      tail.run(_ -> true);
      return Void.class;
    } catch (IOException | InterruptedException | RemoteFault e) {
      return e.getClass();
    }
  }
}
