package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Holder;
import dev.nsmon.procfs.ScanSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Perf records are of threads: what one does by itself is told, as its own where that is asked
/// for, and else as what becomes of the namespaces.
@ExtendWith(Live.class)
class PushThreadsIT {
  private static final ScanSettings THREADS = ScanSettings.DEFAULT.withThreads(true);

  @Test
  void aThreadThatUnsharesIsToldWithItsTidAndFromWhereItsProcessIs() {
    try (NsHelper helper = NsHelper.start();
        Pushed pushed = Pushed.begin(Source.PERF, THREADS)) {
      Ns home = helper.id(helper.pid(), "net");
      int tid = helper.ask("thread-unshare", "net").getFirst().intValue();
      Ns made = helper.id(tid, "net");
      pushed.untilTold(Created.class, made);
      pushed.isAtRest();
      helper.ask("thread-end", tid);
      pushed.untilEnded(made);

      String name = " " + helper.pid() + "/" + tid;
      assertEquals(
          List.of(
              "created " + made.key() + name,
              "joined" + name + " " + made.key() + "<" + home.key() + " unshare",
              "left" + name + " " + made.key(),
              "destroyed " + made.key() + " kernel-id-gone" + name),
          pushed.story(List.of(made), helper.pid()));
      pushed.isAtRest();
    }
  }

  @Test
  void aThreadThatEntersANamespaceIsToldWhileItsProcessStays() {
    try (NsHelper helper = NsHelper.start();
        NsHelper founder = NsHelper.start();
        Pushed pushed = Pushed.begin(Source.PERF, THREADS)) {
      Ns home = helper.id(helper.pid(), "uts");
      founder.unshare("uts");
      Ns made = helper.id(founder.pid(), "uts");
      pushed.untilIn(founder.pid(), made);
      int tid = helper.ask("thread-setns", founder.pid(), "uts").getFirst().intValue();
      String name = " " + helper.pid() + "/" + tid;
      String joined = "joined" + name + " " + made.key() + "<" + home.key() + " setns";
      pushed.untilStory(List.of(joined), List.of(), helper.pid());
      pushed.isAtRest();
      helper.ask("thread-end", tid);
      List<String> both = List.of(joined, "left" + name + " " + made.key());
      pushed.untilStory(both, List.of(), helper.pid());
      pushed.isAtRest();
      assertEquals(both, pushed.story(List.of(), helper.pid()));
    }
  }

  @Test
  void aThreadThatEndsWithItsProcessLeavesToo() {
    try (NsHelper probe = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Pushed pushed = Pushed.begin(Source.PERF, THREADS)) {
      int tid = helper.ask("thread-unshare", "uts").getFirst().intValue();
      Ns made = probe.id(tid, "uts");
      pushed.untilTold(Created.class, made);
      helper.end();
      pushed.untilEnded(made);
      String name = " " + helper.pid() + "/" + tid;
      assertEquals(
          List.of("left" + name + " " + made.key()),
          pushed.story(List.of(), helper.pid()).stream()
              .filter(line -> line.startsWith("left"))
              .toList());
      pushed.isAtRest();
    }
  }

  @Test
  void withoutThreadsTheNamespaceAloneIsToldAndWhoHoldsIt() {
    try (NsHelper helper = NsHelper.start();
        Pushed pushed = Pushed.perf()) {
      int tid = helper.ask("thread-unshare", "net").getFirst().intValue();
      Ns made = helper.id(tid, "net");
      pushed.untilTold(Created.class, made);
      assertEquals(
          List.of(new Holder.StrayThread(helper.pid(), tid)),
          pushed.told(Created.class, made).getFirst().holders());
      pushed.isAtRest();
      helper.ask("thread-end", tid);
      pushed.untilEnded(made);
      assertEquals(1, pushed.told(Created.class, made).size());
      assertEquals(1, pushed.told(Destroyed.class, made).size());
      assertEquals(List.of(), pushed.story(List.of(), helper.pid()));
      pushed.isAtRest();
    }
  }
}
