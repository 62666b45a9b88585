package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.namespace.Holder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that lives long and does much is told exactly, as the kernel reports it, and comparing
/// with `/proc` over and over finds nothing to add.
@ExtendWith(Live.class)
class PushLifeIT {
  @Test
  void aProcessThatUnsharesTypeAfterTypeAndGoesBackIsToldAtEveryStep() {
    try (NsHelper probe = NsHelper.start();
        NsHelper mover = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      String joined = "joined " + mover.pid() + " ";
      List<Ns> all = new ArrayList<>();
      List<String> story = new ArrayList<>();
      for (String type : List.of("uts", "ipc", "net", "cgroup", "mnt")) {
        Ns home = probe.id(mover.pid(), type);
        mover.unshare(type);
        Ns made = probe.id(mover.pid(), type);
        all.add(made);
        story.add("created " + made.key() + " " + mover.pid());
        story.add(joined + made.key() + "<" + home.key() + " unshare");
        pushed.untilStory(story, all, mover.pid());

        mover.ask("setns", probe.pid(), type);
        story.add(joined + home.key() + "<" + made.key() + " setns");
        story.add("destroyed " + made.key() + " kernel-id-gone " + mover.pid());
        pushed.untilStory(story, all, mover.pid());
      }
      // There is no way back from this one.
      Ns home = probe.id(mover.pid(), "user");
      mover.unshare("user");
      Ns made = probe.id(mover.pid(), "user");
      all.add(made);
      story.add("created " + made.key() + " " + mover.pid());
      story.add(joined + made.key() + "<" + home.key() + " unshare");
      pushed.untilStory(story, all, mover.pid());
      mover.end();
      story.add("left " + mover.pid() + " " + made.key());
      story.add("destroyed " + made.key() + " kernel-id-gone " + mover.pid());
      pushed.untilStory(story, all, mover.pid());
      pushed.isAtRest();
      assertEquals(story, pushed.story(all, mover.pid()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "pid"})
  void aNamespaceForChildrenIsJoinedByThemAndOutlivesThem(String type) {
    try (NsHelper probe = NsHelper.start();
        NsHelper parent = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      parent.unshare(type);
      int child = parent.clone("-");
      Ns made = probe.id(child, type);
      pushed.untilIn(child, made);
      parent.kill(child);
      pushed.untilTold(Created.class, made);
      pushed.until("the child has left", () -> pushed.tells(Left.class, child));
      pushed.isAtRest();
      assertEquals(List.of(), pushed.told(Destroyed.class, made));
      parent.end();
      pushed.untilEnded(made);
      pushed.isAtRest();

      List<String> story = pushed.story(List.of(made), child, parent.pid());
      assertTrue(story.getFirst().startsWith("created " + made.key()), story::toString);
      assertEquals(
          List.of(
              "joined " + child + " " + made.key() + " fork",
              "left " + child + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone " + child),
          story.subList(1, story.size()));
    }
  }

  @Test
  void aTimeNamespaceWithoutChildrenIsToldWithWhoHoldsIt() {
    try (NsHelper probe = NsHelper.start();
        NsHelper parent = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      parent.unshare("time");
      Ns made = probe.id(parent.pid(), "time_for_children");
      pushed.untilTold(Created.class, made);
      assertEquals(
          List.of(new Holder.ForChildren(parent.pid())),
          pushed.told(Created.class, made).getFirst().holders());
      pushed.isAtRest();
      parent.end();
      pushed.untilEnded(made);
      pushed.isAtRest();
    }
  }

  @Test
  @Tag("full")
  void aProcessLeavesWithItsLastThreadAndNotWithItsMainOne() {
    try (NsHelper probe = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      Ns home = probe.id(helper.pid(), "net");
      helper.unshare("net");
      Ns made = probe.id(helper.pid(), "net");
      pushed.untilIn(helper.pid(), made);
      helper.ask("exit-leader");
      for (int i = 0; i < 5; i++) {
        helper.ask("nothing"); // It runs, so that it is looked at again.
      }
      pushed.staysAsItIs();
      List<String> story =
          new ArrayList<>(
              List.of(
                  "created " + made.key() + " " + helper.pid(),
                  "joined " + helper.pid() + " " + made.key() + "<" + home.key() + " unshare"));
      assertEquals(story, pushed.story(List.of(made), helper.pid()));
      helper.end();
      story.add("left " + helper.pid() + " " + made.key());
      story.add("destroyed " + made.key() + " kernel-id-gone " + helper.pid());
      pushed.untilStory(story, List.of(made), helper.pid());
      pushed.isAtRest();
      assertEquals(story, pushed.story(List.of(made), helper.pid()));
    }
  }

  @Test
  @Tag("full")
  void aThreadThatRunsAnotherProgramIsTheProcessFromThenOn() {
    try (NsHelper probe = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      Ns home = probe.id(helper.pid(), "uts");
      helper.unshare("uts");
      Ns first = probe.id(helper.pid(), "uts");
      pushed.untilIn(helper.pid(), first);
      helper.ask("exec-in-thread");
      pushed.staysAsItIs();
      Ns other = probe.id(helper.pid(), "ipc");
      helper.unshare("ipc");
      Ns second = probe.id(helper.pid(), "ipc");
      pushed.untilIn(helper.pid(), second);
      helper.end();
      pushed.untilEnded(first);
      pushed.untilEnded(second);
      pushed.isAtRest();

      String pid = " " + helper.pid();
      String both = " " + second.key();
      assertEquals(
          List.of(
              "created " + first.key() + pid,
              "joined" + pid + " " + first.key() + "<" + home.key() + " unshare",
              "created " + second.key() + pid,
              "joined" + pid + both + "<" + other.key() + " " + first.key() + " unshare",
              "left" + pid + both + " " + first.key()),
          pushed.story(List.of(first, second), helper.pid()).stream()
              .filter(line -> !line.startsWith("destroyed"))
              .toList());
    }
  }
}
