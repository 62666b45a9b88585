package dev.nsmon.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where too many connections have shown no token, the oldest goes.
class PendingConnectionsTest {
  private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");
  private static final InetAddress C = InetAddress.ofLiteral("192.0.2.3");

  private final PendingConnections<String> pending =
      new PendingConnections<>(new ListenSettings.Pending(3, 2, 1, Duration.ZERO));

  @Test
  void theOldestOfAnAddressGoesForOneOfTheSame() {
    assertEquals(Optional.empty(), pending.add("a1", A));
    assertEquals(Optional.empty(), pending.add("b1", B));
    assertEquals(Optional.empty(), pending.add("b2", B));
    assertEquals(Optional.of("b1"), pending.add("b3", B));
    assertEquals(Optional.of("b2"), pending.add("b4", B));
    assertEquals(3, pending.size());
  }

  @Test
  void theOldestOfAllGoesForOneOfAnotherAddress() {
    assertEquals(Optional.empty(), pending.add("a1", A));
    assertEquals(Optional.empty(), pending.add("b1", B));
    assertEquals(Optional.empty(), pending.add("b2", B));
    assertEquals(Optional.of("a1"), pending.add("c1", C));
    assertEquals(Optional.of("b1"), pending.add("c2", C));
  }

  @Test
  void whoHasShownATokenIsNotAmongThem() {
    for (int i = 0; i < 10; i++) {
      assertEquals(Optional.empty(), pending.add("a" + i, A));
      pending.remove("a" + i);
      pending.remove("a" + i);
    }
    assertEquals(0, pending.size());
    // An address may have as many again.
    assertEquals(Optional.empty(), pending.add("a", A));
    assertEquals(Optional.empty(), pending.add("b", A));
    assertEquals(Optional.of("a"), pending.add("c", A));
  }

  @Test
  void oneThatIsTheOnlyOneOfItsAddressMayGo() {
    PendingConnections<String> one =
        new PendingConnections<>(new ListenSettings.Pending(1, 1, 1, Duration.ZERO));
    assertEquals(Optional.empty(), one.add("a", A));
    assertEquals(Optional.of("a"), one.add("b", A));
    assertEquals(Optional.of("b"), one.add("c", B));
    assertEquals(1, one.size());
  }
}
