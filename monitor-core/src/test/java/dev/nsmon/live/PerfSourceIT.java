package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.perf.Heard;
import dev.nsmon.perf.PerfCheck;
import dev.nsmon.perf.PerfSource;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What the kernel records of a task is handed over, in order, and what can't be news is not.
@ExtendWith(Live.class)
class PerfSourceIT {
  @TempDir Path directory;

  private final Heard heard = new Heard();
  private final Inodes own = Heard.own();

  @BeforeEach
  void needPerf() {
    String problem = PerfCheck.problem(new Libc());
    assumeTrue(problem.isEmpty(), problem);
  }

  private PerfSource start(boolean everything) throws IOException {
    PerfSource source = new PerfSource(own, everything, HostClock.SYSTEM);
    source.start(heard);
    return source;
  }

  /// What happened to one process, in words.
  private List<String> story(int pid) {
    List<String> story = new ArrayList<>();
    for (KernelRecord record : heard.records()) {
      if (record.pid() == pid) {
        String thread = record.tid() == pid ? "" : "thread " + record.tid() + " ";
        story.add(
            thread
                + switch (record) {
                  case Forked forked ->
                      "forked by " + forked.parent() + named(forked.comm()) + forked.inodes();
                  case Moved moved ->
                      "moved, child of " + moved.parent() + named(moved.comm()) + moved.inodes();
                  case Executed executed -> "executed " + executed.comm();
                  case Exited _ -> "exited";
                });
      }
    }
    assertEquals("", heard.disorder());
    return story;
  }

  private static String named(String comm) {
    return " " + comm + " ";
  }

  /// The initial namespaces, but for this one.
  private Inodes but(Ns... changed) {
    long[] byType = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      byType[type.ordinal()] = type == NamespaceType.TIME ? 0 : own.of(type);
    }
    for (Ns ns : changed) {
      byType[ns.type().ordinal()] = ns.inode();
    }
    return new Inodes(byType);
  }

  @Test
  void whatAProcessDoesIsToldFromItsForkToItsExit() throws IOException {
    long jvm = ProcessHandle.current().pid();
    try (NsHelper resident = NsHelper.start();
        PerfSource source = start(false)) {
      source.follow(new int[] {(int) jvm});
      int helperPid;
      int child;
      Ns uts;
      Ns net;
      Ns childs;
      try (NsHelper helper = NsHelper.start()) {
        helperPid = helper.pid();
        helper.unshare("uts");
        uts = helper.id(helperPid, "uts");
        child = helper.clone("ipc");
        childs = helper.id(child, "ipc");
        helper.unshare("net");
        net = helper.id(helperPid, "net");
        helper.ask("setns", resident.pid(), "uts");
        helper.kill(child);
      }
      heard.untilNow();
      List<String> story = story(helperPid);
      assertTrue(story.getFirst().startsWith("forked by "), story.getFirst());
      assertTrue(story.contains("executed nstest"), story.toString());
      assertEquals(
          List.of(
              "moved, child of " + jvm + " nstest " + but(uts),
              "moved, child of " + jvm + " nstest " + but(uts, net),
              "moved, child of " + jvm + " nstest " + but(net),
              "exited"),
          story.subList(story.indexOf("executed nstest") + 1, story.size()));
      assertEquals(
          List.of("forked by " + helperPid + " nstest " + but(uts, childs), "exited"),
          story(child));
    }
  }

  @Test
  void aThreadThatMovesIsToldWithItsTid() throws IOException {
    try (NsHelper helper = NsHelper.start();
        PerfSource source = start(false)) {
      source.follow(new int[0]);
      heard.untilNow();
      int tid = helper.ask("thread-unshare", "uts").getFirst().intValue();
      Ns uts = helper.id(tid, "uts");
      helper.ask("thread-end", tid);
      heard.untilNow();
      String thread = "thread " + tid + " ";
      assertEquals(
          List.of(
              thread + "moved, child of -1  " + but(), // It unshares CLONE_FS first.
              thread + "moved, child of -1  " + but(uts),
              thread + "exited"),
          story(helper.pid()));
    }
  }

  @Test
  void ofManyThatEndAtOnceNoneIsMissed() throws IOException {
    try (NsHelper helper = NsHelper.start();
        PerfSource source = start(false)) {
      source.follow(new int[0]);
      heard.untilNow();
      helper.ask("storm", "uts", 300, 0, 1, directory.resolve("ids"));
      heard.untilNow();
      List<Integer> begun = new ArrayList<>();
      List<Integer> ended = new ArrayList<>();
      for (KernelRecord record : heard.records()) {
        switch (record) {
          case Forked forked when forked.parent() == helper.pid() -> {
            begun.add(forked.pid());
            assertTrue(forked.inodes().of(NamespaceType.UTS) != own.of(NamespaceType.UTS));
            assertEquals(own.of(NamespaceType.NET), forked.inodes().of(NamespaceType.NET));
          }
          case Exited exited when begun.contains(exited.pid()) -> ended.add(exited.pid());
          case Forked _, Exited _, Moved _, Executed _ -> {}
        }
      }
      assertEquals(300, begun.size());
      assertEquals(begun, ended);
      assertEquals(List.of(), heard.others());
    }
  }

  @Test
  void whatStaysInTheInitialNamespacesIsDismissedOnceItIsSaidWhomToFollow() throws IOException {
    try (NsHelper helper = NsHelper.start();
        PerfSource source = start(false)) {
      heard.untilNow();
      storm(helper);
      assertEquals(300, children(helper));
      source.follow(new int[0]);
      heard.untilNow();
      heard.clear();
      storm(helper);
      assertEquals(0, children(helper));
      source.follow(new int[] {helper.pid()});
      storm(helper);
      assertEquals(300, children(helper));
    }
    heard.clear();
    try (NsHelper helper = NsHelper.start();
        PerfSource source = start(true)) {
      source.follow(new int[0]);
      storm(helper);
      assertEquals(300, children(helper));
    }
  }

  /// Children that stay where they are.
  private void storm(NsHelper helper) {
    helper.ask("storm", "-", 300, 0, 1, directory.resolve("ids"));
    heard.untilNow();
  }

  private long children(NsHelper helper) {
    return heard.records().stream()
        .filter(record -> record instanceof Forked forked && forked.parent() == helper.pid())
        .count();
  }

  @Test
  void afterTheEndNothingIsSaidAnyMore() throws IOException {
    PerfSource source = start(true);
    heard.untilNow();
    source.close();
    long last = heard.untilNanos();
    int count = heard.records().size();
    try (NsHelper helper = NsHelper.start()) {
      storm(helper, 10);
    }
    assertEquals(last, heard.untilNanos());
    assertEquals(count, heard.records().size());
    source.close();
    assertThrows(IllegalStateException.class, () -> source.start(heard));
  }

  private void storm(NsHelper helper, int count) {
    helper.ask("storm", "-", count, 0, 1, directory.resolve("ids"));
  }
}
