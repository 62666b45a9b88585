package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The life of a namespace of each type is told exactly, in order, and under the kernel's id.
@ExtendWith(Live.class)
class LifecycleIT {

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PID", "TIME"})
  void aProcessThatUnsharesMovesIntoTheNewNamespaceAndTakesItAlong(NamespaceType type) {
    String link = type.kernelName();
    try (NsHelper probe = NsHelper.start();
        NsHelper mover = NsHelper.start();
        Watch watch = Watch.begin()) {
      Ns home = probe.id(mover.pid(), link);
      Ns user = probe.id(mover.pid(), "user");
      mover.unshare(link);
      Ns made = probe.id(mover.pid(), link);
      watch.untilKnown(made);
      mover.end();
      watch.untilEnded(made);

      String pid = " " + mover.pid();
      assertEquals(
          List.of(
              "created " + made.key() + pid,
              "joined" + pid + " " + made.key() + "<" + home.key(),
              "left" + pid + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone" + pid),
          watch.story(List.of(made), mover.pid()));
      describes(watch.told(Created.class, made).getFirst(), made, user);
      isTimed(watch.events());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProcessClonedIntoANewNamespaceBeginsAndEndsWithIt(NamespaceType type) {
    String link = type.kernelName();
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin()) {
      Ns user = helper.id(helper.pid(), "user");
      int child = helper.clone(link);
      Ns made = helper.id(child, link);
      watch.untilKnown(made);
      helper.kill(child);
      watch.untilEnded(made);

      assertEquals(
          List.of(
              "created " + made.key() + " " + child,
              "joined " + child + " " + made.key(),
              "left " + child + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone " + child),
          watch.story(List.of(made), child));
      describes(watch.told(Created.class, made).getFirst(), made, user);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PID")
  void aNamespaceLivesUntilTheLastOfTwoHasLeftIt(NamespaceType type) {
    String link = type.kernelName();
    try (NsHelper probe = NsHelper.start();
        NsHelper guest = NsHelper.start();
        Watch watch = Watch.begin()) {
      Ns home = probe.id(guest.pid(), link);
      int founder = probe.clone(link);
      Ns made = probe.id(founder, link);
      watch.untilKnown(made);
      guest.ask("setns", founder, link);
      watch.untilIn(guest.pid(), made);
      probe.kill(founder);
      watch.until("the founder has left", () -> watch.task(founder).isEmpty());
      assertTrue(watch.knows(made));
      guest.end();
      watch.untilEnded(made);

      assertEquals(
          List.of(
              "created " + made.key() + " " + founder,
              "joined " + founder + " " + made.key(),
              "joined " + guest.pid() + " " + made.key() + "<" + home.key(),
              "left " + founder + " " + made.key(),
              "left " + guest.pid() + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone " + guest.pid()),
          watch.story(List.of(made), founder, guest.pid()));
    }
  }

  @Test
  void anUnsharedTimeNamespaceIsHeldForChildrenAndTheyJoinIt() {
    livesForChildren("time", true);
  }

  @Test
  void anUnsharedPidNamespaceBeginsWithItsFirstChildAndOutlivesIt() {
    livesForChildren("pid", false);
  }

  private static void livesForChildren(String type, boolean beforeTheFirst) {
    try (NsHelper probe = NsHelper.start();
        NsHelper parent = NsHelper.start();
        Watch watch = Watch.begin()) {
      parent.unshare(type);
      if (beforeTheFirst) {
        watch.untilKnown(probe.id(parent.pid(), type + "_for_children"));
      }
      watch.look();
      int child = parent.clone("-");
      Ns made = probe.id(child, type);
      watch.untilIn(child, made);
      parent.kill(child);
      watch.until("the child has left", () -> watch.task(child).isEmpty());
      assertEquals(List.of(new Holder.ForChildren(parent.pid())), watch.holdersOf(made));
      parent.end();
      watch.untilEnded(made);

      assertEquals(
          List.of(
              "created " + made.key() + (beforeTheFirst ? "" : " " + child),
              "joined " + child + " " + made.key(),
              "left " + child + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone " + child),
          watch.story(List.of(made), child, parent.pid()));
    }
  }

  private static void describes(Created event, Ns made, Ns user) {
    Namespace namespace = event.namespace();
    assertTrue(made.is(namespace), () -> namespace + " is not " + made);
    assertFalse(namespace.initial());
    assertEquals(user.key(), namespace.owner());
    assertEquals(made.type() == NamespaceType.USER ? 0 : -1, namespace.ownerUid());
    if (made.type() == NamespaceType.USER) {
      assertEquals(user.key(), namespace.parent());
    }
    assertEquals(event.sighting().time(), namespace.created().orElseThrow());
  }

  private static void isTimed(List<NamespaceEvent> events) {
    for (NamespaceEvent event : events) {
      assertEquals(Source.POLL, event.sighting().source());
      assertTrue(
          event.sighting().notBefore().orElseThrow().isBefore(event.sighting().time()),
          event::toString);
      if (event instanceof Destroyed destroyed && destroyed.namespace().created().isPresent()) {
        assertTrue(destroyed.lifetimeMillis().orElseThrow() >= 0, event::toString);
      }
    }
  }
}
