package dev.nsmon.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a set says of the ten links of a task.
class NamespaceSetTest {
  private static final int NET = NamespaceType.NET.ordinal();
  private static final int UTS = NamespaceType.UTS.ordinal();
  private static final int CHILDREN = NamespaceLink.PID_FOR_CHILDREN.ordinal();

  private final Namespace initialNet = namespace(NamespaceType.NET, true);
  private final Namespace net = namespace(NamespaceType.NET, false);
  private final Namespace uts = namespace(NamespaceType.UTS, false);
  private final Namespace pid = namespace(NamespaceType.PID, false);

  private static Namespace namespace(NamespaceType type, boolean initial) {
    return new Namespace(type, 7, -1, type + ":7.1", initial, "", "", -1, Optional.empty());
  }

  private static NamespaceSet set(Namespace inNet, int link, Namespace other) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    links[NET] = inNet;
    links[link] = other;
    return new NamespaceSet(links);
  }

  @Test
  void unknownLinkHasNoNamespaceAndNoInode() {
    NamespaceSet set = set(net, NET, net);
    assertTrue(set.knows(NET));
    assertFalse(set.knows(UTS));
    assertEquals(7, set.inode(NET));
    assertEquals(0, set.inode(UTS));
    assertThrows(IllegalStateException.class, () -> set.get(UTS));
  }

  @Test
  void setIsInitialIfAllThatIsKnownIs() {
    assertTrue(NamespaceSet.NONE.isInitial());
    assertTrue(set(initialNet, NET, initialNet).isInitial());
    assertFalse(set(initialNet, UTS, uts).isInitial());
    assertFalse(set(initialNet, CHILDREN, pid).isInitial());
  }

  @Test
  void childrensNamespaceIsNoMembership() {
    NamespaceSet set = set(net, CHILDREN, pid);
    assertTrue(set.isMember(net));
    assertFalse(set.isMember(pid));
    assertTrue(set.sameMemberships(set(net, NET, net)));
    assertNotEquals(set, set(net, NET, net));
    assertFalse(set.sameMemberships(set(net, UTS, uts)));
  }

  @Test
  void namespacesAreComparedByIdentity() {
    assertEquals(set(net, UTS, uts), set(net, UTS, uts));
    assertEquals(set(net, UTS, uts).hashCode(), set(net, UTS, uts).hashCode());
    assertNotEquals(set(net, NET, net), set(namespace(NamespaceType.NET, false), UTS, uts));
    Namespace twin = namespace(NamespaceType.NET, false);
    assertNotEquals(set(net, NET, net), set(twin, NET, twin));
  }

  @Test
  void setKeepsACopy() {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    NamespaceSet set = new NamespaceSet(links);
    links[NET] = net;
    assertFalse(set.knows(NET));
  }

  @Test
  void thereAreTenLinks() {
    assertThrows(IllegalArgumentException.class, () -> new NamespaceSet(new Namespace[8]));
  }
}
