package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who has ended has left, and a namespace ends with what holds it last, be that a zombie, a mount
/// or a descriptor.
@ExtendWith(Live.class)
class PushEndIT {
  @TempDir private Path directory;

  @Test
  @Tag("full")
  void aZombieHasLeftAndDoesNotComeBack() {
    try (NsHelper helper = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      int child = helper.clone("uts,user");
      Ns uts = helper.id(child, "uts");
      Ns user = helper.id(child, "user");
      pushed.untilIn(child, uts);
      helper.ask("zombie", child);
      String both = " " + user.key() + " " + uts.key();
      List<String> story =
          new ArrayList<>(
              List.of(
                  "created " + user.key() + " " + child,
                  "created " + uts.key() + " " + child,
                  "joined " + child + both + " fork",
                  "left " + child + both,
                  "destroyed " + uts.key() + " kernel-id-gone " + child));
      pushed.untilStory(story, List.of(uts, user), child);
      pushed.staysAsItIs();
      pushed.isAtRest();
      assertEquals(story, pushed.story(List.of(uts, user), child));
      // A zombie keeps its user namespace alive, and no other.
      helper.ask("reap", child);
      story.add("destroyed " + user.key() + " kernel-id-gone " + child);
      pushed.untilStory(story, List.of(uts, user), child);
      pushed.isAtRest();
    }
  }

  /// None of these is reaped, and most have ended before anybody could ask for the id of what they
  /// were in.
  @Test
  @Tag("full")
  void theUserNamespaceOfAZombieLivesUntilItIsReaped() throws Exception {
    try (Pushed pushed = Pushed.perf()) {
      Burst burst = Burst.in(directory);
      try (Burst.Unreaped _ = burst.unreaped("-U", 20)) {
        pushed.until("all have left", () -> new Lives(pushed.events(), burst.name()).left() == 20);
        pushed.staysAsItIs();
        pushed.isAtRest();
        assertEquals(0, new Lives(pushed.events(), burst.name()).destroyed());
      }
      pushed.until(
          "all have ended", () -> new Lives(pushed.events(), burst.name()).destroyed() == 20);
      pushed.isAtRest();
    }
  }

  @Test
  void aZombieThatWasThereBeforeLeavesWhenItIsReaped() {
    try (NsHelper helper = NsHelper.start()) {
      int child = helper.clone("user");
      Ns user = helper.id(child, "user");
      helper.ask("zombie", child);
      try (Pushed pushed = Pushed.perf()) {
        pushed.isAtRest();
        assertEquals(List.of(), pushed.story(List.of(user), child));
        helper.ask("reap", child);
        pushed.untilEnded(user);
        pushed.until("it has left", () -> pushed.tells(Left.class, child));
        pushed.foldsToAFreshLook();
      }
    }
  }

  /// Nothing reports that it was reaped, its inode is free soon after, and these lives are too
  /// short to be asked what they were in.
  @Test
  @Tag("full")
  void whoeverGetsTheInodeOfAZombieThatWasThereBeforeIsNew() throws Exception {
    try (NsHelper helper = NsHelper.start()) {
      int[] children = new int[30];
      List<Ns> old = new ArrayList<>();
      for (int i = 0; i < children.length; i++) {
        children[i] = helper.clone("pid");
        old.add(helper.id(children[i], "pid"));
      }
      for (int child : children) {
        helper.ask("zombie", child);
      }
      try (Pushed pushed = Pushed.perf()) {
        for (int child : children) {
          Burst burst = Burst.in(directory);
          helper.ask("reap", child);
          Burst.Run run = burst.unshare("-pf", 10);
          pushed.untilAsserted(
              "each life is told whole",
              () -> {
                Lives lives = new Lives(pushed.events(), burst.name());
                assertEquals(10, lives.size());
                lives.eachWasInItsOwn(NamespaceType.PID, Cause.FORK, run);
              });
        }
        for (int i = 0; i < children.length; i++) {
          Ns ended = old.get(i);
          pushed.untilEnded(ended);
          List<String> story = pushed.story(List.of(ended), children[i]);
          assertEquals("left " + children[i] + " " + ended.key(), story.getFirst());
          assertTrue(story.getLast().startsWith("destroyed " + ended.key()), story::toString);
          assertEquals(2, story.size(), story::toString);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mount", "fd"})
  void whatAMountOrADescriptorHoldsEndsWithThat(String by) {
    try (NsHelper helper = NsHelper.start();
        NsHelper keeper = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      int child = helper.clone("net");
      Ns made = helper.id(child, "net");
      pushed.untilIn(child, made);
      Path path = directory.resolve("net");
      Object held = path;
      if (by.equals("mount")) {
        keeper.unshare("mnt");
        keeper.ask("private-mounts");
        keeper.ask("bind", child, "net", path);
      } else {
        held = keeper.ask("open-ns", child, "net").getFirst();
      }
      helper.kill(child);
      pushed.until("the child has left", () -> pushed.tells(Left.class, child));
      pushed.isAtRest();
      assertTrue(helper.isAlive(made));
      assertEquals(List.of(), pushed.told(Destroyed.class, made));
      keeper.ask(by.equals("mount") ? "unbind" : "close", held);
      pushed.untilEnded(made);
      assertEquals(
          List.of(
              "created " + made.key() + " " + child,
              "joined " + child + " " + made.key() + " fork",
              "left " + child + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone " + child),
          pushed.story(List.of(made), child));
      pushed.isAtRest();
    }
  }

  @Test
  void aProcessThatWasThereBeforeIsToldWhenItLeaves() {
    try (NsHelper helper = NsHelper.start()) {
      int child = helper.clone("uts");
      Ns made = helper.id(child, "uts");
      try (Pushed pushed = Pushed.perf()) {
        helper.kill(child);
        pushed.untilEnded(made);
        assertEquals(
            List.of(
                "left " + child + " " + made.key(),
                "destroyed " + made.key() + " kernel-id-gone " + child),
            pushed.story(List.of(made), child));
        assertFalse(pushed.tells(Joined.class, child));
        pushed.isAtRest();
      }
    }
  }
}
