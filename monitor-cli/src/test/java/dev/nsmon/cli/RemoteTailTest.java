package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.EventFilter;
import dev.nsmon.testing.TestClock;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A monitor that says nothing, not even a ping, is taken for gone.
@Timeout(60)
final class RemoteTailTest {
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private final List<String> remarks = new CopyOnWriteArrayList<>();
  private final List<Long> seqs = new CopyOnWriteArrayList<>();
  private final TestClock clock = new TestClock();

  private static Remote remote(RemoteServer server) throws Exception {
    String[] place = server.address().split(":", -1);
    return new Remote(
        new Place.Monitor(false, "localhost:" + place[1]), Optional.empty(), Optional.empty());
  }

  /// Follows the server until it has handed over the record with this number, on another thread.
  private CompletableFuture<Void> follow(RemoteServer server, long last) {
    return CompletableFuture.runAsync(
        () ->
            assertDoesNotThrow(
                () ->
                    new RemoteTail(remote(server), EventFilter.ALL, remarks::add, SILENCE, clock)
                        .run(
                            records -> {
                              records.forEach(one -> seqs.add(one.told().seq()));
                              return seqs.getLast() < last;
                            })));
  }

  @Test
  void silenceIsTheEndOfAConnection() throws Exception {
    try (RemoteServer server =
        new RemoteServer(client -> client.accept().tell(Told.left("s", client.number() + 1)))) {
      CompletableFuture<Void> end = follow(server, 2);
      await().until(() -> seqs.equals(List.of(1L)));
      await()
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                clock.advance(Duration.ofMillis(200));
                return server.asked().size() == 2;
              });
      end.join();
      assertEquals(List.of(1L, 2L), seqs);
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
              for (int i = 1; i <= 4; i++) {
                int pings = i;
                clock.advance(SILENCE.multipliedBy(3).dividedBy(4));
                client.channel().writeAndFlush(new PingWebSocketFrame()).awaitUninterruptibly();
                await().until(() -> client.pongs().get() == pings);
              }
              client.tell(Told.left("s", 2));
            })) {
      follow(server, 2).join();
      assertEquals(List.of(1L, 2L), seqs);
      assertEquals(List.of(), remarks);
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
