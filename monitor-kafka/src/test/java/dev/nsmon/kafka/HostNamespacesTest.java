package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.log.Entry;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A snapshot may be newer than the entries that come next.
final class HostNamespacesTest {
  private final HostNamespaces namespaces = new HostNamespaces(Events.HOST, Events.STREAM);
  private final Namespace first = Events.net(1);
  private final Namespace second = Events.net(2);

  private static Present present(long seq, Namespace... all) {
    HostState state = new HostState(false);
    for (Namespace one : all) {
      state.apply(new Created(Events.at(0), one, Optional.empty(), List.of()));
    }
    return new Present(seq, state.snapshot(Instant.EPOCH));
  }

  private static Entry destroyed(long seq, Namespace one) {
    return new Entry(
        seq,
        new Destroyed(
            Events.at(0), one, OptionalLong.empty(), Evidence.values()[0], Optional.empty()));
  }

  @Test
  void aNamespaceThatTheNextSnapshotLacksIsPublishedAsGone() {
    namespaces.begin(present(2, first, second));
    assertEquals(Set.of(first.key(), second.key()), namespaces.takeChanged());
    namespaces.begin(present(3, second));
    // The snapshot includes it already.
    assertFalse(namespaces.apply(destroyed(3, first)));
    assertEquals(Set.of(first.key(), second.key()), namespaces.takeChanged());
    assertEquals(Optional.empty(), namespaces.now(first.key()));
    assertEquals(3, namespaces.now(second.key()).orElseThrow().seq());
  }

  @Test
  void anOlderSnapshotChangesNothing() {
    namespaces.begin(present(2, first));
    assertFalse(namespaces.apply(destroyed(3, first)));
    assertEquals(Set.of(first.key()), namespaces.takeChanged());
    namespaces.begin(present(2, first));
    assertEquals(Set.of(), namespaces.takeChanged());
    assertEquals(Optional.empty(), namespaces.now(first.key()));
  }
}
