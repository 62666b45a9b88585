package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a look makes of processes that have exited and were not reaped (`proc_pid_stat(5)`, state
/// Z).
class ProcScannerZombieTest extends ProcScannerFixture {
  private static final String PID = "pid:[4290000004]";
  private static final String USER = "user:[4290000005]";

  @Test
  void zombieKeepsItsLastKnownNamespacesUntilItsPidIsGone() throws IOException {
    proc.process(42, LONG_AGO, NET, PID);
    Task live = row(look(), 42);
    proc.zombie(42, 1, LONG_AGO);
    Snapshot look = look();
    Task zombie = row(look, 42);
    assertEquals(Task.State.ZOMBIE, zombie.state());
    assertSame(live.namespaces(), zombie.namespaces());
    assertEquals(live.instance(), zombie.instance());
    assertEquals(1, look.report().zombies());
    proc.exit(42);
    assertEquals(Map.of("1", ""), places(look()));
  }

  @Test
  void zombieKeepsItsPidAndUserNamespaceAliveAndNoOther() throws IOException {
    proc.process(42, LONG_AGO, NET, PID, USER);
    look();
    proc.zombie(42, 1, LONG_AGO);
    Snapshot look = look();
    assertEquals(List.of("net:4290000001.1 no-holder"), endings(look));
    assertEquals(List.of("pid:4290000004.1", "user:4290000005.1"), fakes(look));
    proc.exit(42);
    assertEquals(2, look().ended().size());
  }

  @Test
  void zombieThatIsSeenForTheFirstTimeIsWhereItsTwoLinksSay() throws IOException {
    proc.process(42, LONG_AGO, NET, PID);
    proc.zombie(42, 1, LONG_AGO);
    Snapshot look = look();
    assertEquals("pid:4290000004.1", places(look).get("42"));
    assertEquals(List.of(), look.ended());
    assertEquals(List.of(), look().ended());
    proc.exit(42);
    assertEquals(List.of("pid:4290000004.1 no-holder"), endings(look()));
  }

  @Test
  void zombieThatNeverWasNewsIsNone() throws IOException {
    proc.process(42, LONG_AGO);
    look();
    proc.zombie(42, 1, LONG_AGO);
    assertEquals("", places(look()).get("42"));
  }

  @Test
  void leaderThatExitedBeforeItsThreadsIsWhereTheyAre() throws IOException {
    proc.process(42, LONG_AGO, NET);
    look();
    proc.zombie(42, 2, LONG_AGO);
    proc.thread(42, 70, LONG_AGO, OTHER_NET);
    Snapshot look = look();
    assertEquals(Task.State.LIVE, row(look, 42).state());
    assertEquals("net:4290000002.1", places(look).get("42"));
    proc.threadExit(42, 70);
    assertEquals(Task.State.ZOMBIE, row(look(), 42).state());
  }

  @Test
  void zombieThatKeptNamespaceForItsChildrenKeepsItNoMore() throws IOException {
    proc.process(42, LONG_AGO, NET);
    proc.link(42, "pid_for_children", PID);
    look();
    proc.zombie(42, 1, LONG_AGO);
    assertEquals(
        List.of("pid:4290000004.1 no-holder", "net:4290000001.1 no-holder"), endings(look()));
  }
}
