package dev.nsmon.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.testing.TestClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A fault of the server that clients can repeat is said once a minute at most.
final class DoorTest {
  private final TestClock clock = new TestClock();
  private final List<String> remarks = new ArrayList<>();

  @Test
  void bugIsSaidOnceAMinute() {
    Gate gate =
        new Gate(
            new HostNames(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8470), Set.of()),
            new Origins("http", Set.of()),
            Optional.empty(),
            Map.of());
    Door door = new Door(gate, Map.of(), null, Runnable::run, remarks::add, clock);
    door.bug("/metrics", new IllegalStateException("planted"));
    door.bug("/metrics", new IllegalStateException("planted"));
    assertEquals(
        List.of("/metrics has failed, which is a bug: java.lang.IllegalStateException: planted"),
        remarks);
    clock.advance(Duration.ofMinutes(1).minusNanos(1));
    door.bug("/livez", new IllegalStateException("planted"));
    assertEquals(1, remarks.size());
    clock.advance(Duration.ofNanos(1));
    door.bug("/livez", new IllegalStateException("planted"));
    assertEquals(2, remarks.size());
  }
}
