package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.container.Container;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.namespace.Task;
import dev.nsmon.push.KernelRecord.Forked;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A container's process is in its control group late, and its container is known after it has
/// gone.
class LateContainerTest extends MonitorFixture {
  private static final String ID = "0123456789abcdef".repeat(4);

  private void isMoved(int pid) throws IOException {
    Files.writeString(proc.directory(pid, "cgroup"), "0::/system.slice/docker-" + ID + ".scope\n");
  }

  private static String container(Task task) {
    return Container.ofCgroup(task.info().cgroup()).id();
  }

  private void assertState(int pid, String container) {
    assertEquals(
        List.of(container),
        monitor.now().snapshot().tasks().stream()
            .filter(task -> task.pid() == pid)
            .map(LateContainerTest::container)
            .toList());
  }

  private <T extends NamespaceEvent> String containerOf(Class<T> kind) {
    return told().stream()
        .filter(kind::isInstance)
        .map(event -> container(event.task().orElseThrow()))
        .reduce((_, last) -> last)
        .orElse("none told");
  }

  @Test
  void theStateAndLaterEventsHaveTheContainerOfAPushedProcess() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    push(batch(fork(PID, 1)));
    assertNews("created " + net(1) + " perf", "joined +0 perf");
    assertEquals("", containerOf(Joined.class));
    isMoved(PID);
    advance(Duration.ofMillis(99));
    assertState(PID, "");
    advance(Duration.ofMillis(1));
    assertState(PID, ID);
    assertEquals(2, news().size(), "that is no event");
    proc.exit(PID);
    push(batch(exit(PID)));
    advance(Duration.ofSeconds(1));
    assertEquals(ID, containerOf(Destroyed.class));
    assertEquals(ID, containerOf(Left.class));
  }

  @Test
  void oneThatIsMovedLaterIsReadAgainAfterASecond() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    push(batch(fork(PID, 1)));
    advance(Duration.ofMillis(100));
    isMoved(PID);
    advance(Duration.ofMillis(899));
    assertState(PID, "");
    advance(Duration.ofMillis(1));
    assertState(PID, ID);
  }

  @Test
  void theStateAndLaterEventsHaveTheContainerOfAPolledProcess() throws IOException {
    proc.process(PID, LONG_AGO, net(1));
    start(Duration.ofMillis(100), NEVER);
    proc.move(PID, net(2));
    advance(Duration.ofMillis(100));
    assertTrue(news().contains("joined +0 poll"), () -> "" + news());
    isMoved(PID);
    advance(Duration.ofMillis(100));
    assertState(PID, ID);
    proc.exit(PID);
    advance(Duration.ofMillis(100));
    assertEquals(ID, containerOf(Left.class));
    assertEquals(ID, containerOf(Destroyed.class));
  }

  @Test
  void whatCannotBeReadAnyMoreBeganInItsParentsControlGroup() throws IOException {
    startPushed();
    proc.process(PID, LONG_AGO, net(1));
    isMoved(PID);
    Forked parent = fork(PID, 1);
    Forked child = new Forked(stamp(), PID + 1, PID + 1, PID, "sh", parent.inodes());
    push(batch(parent, child, exit(PID + 1)));
    assertTrue(news().contains("left +1 perf"), () -> "" + news());
    assertEquals(ID, containerOf(Joined.class));
    assertEquals(ID, containerOf(Left.class));
  }
}
