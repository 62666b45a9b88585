package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that the kernel refuses to show is counted and told nothing about, and what can be
/// known in spite of it is known.
@ExtendWith(Live.class)
class DeniedIT {

  @Test
  void whoCannotBeReadIsCountedAndNotTold() throws IOException {
    assumeThatPid1IsDenied();
    try (ProcScanner scanner = new ProcScanner(ScanSettings.DEFAULT, HostClock.SYSTEM)) {
      SnapshotDiff diff = new SnapshotDiff(true);
      Snapshot first = scanner.look();
      List<NamespaceEvent> events = new ArrayList<>(diff.baseline(first));
      events.addAll(diff.between(first, scanner.look()));

      assertTrue(first.report().denied() > 0);
      assertEquals(Task.State.DENIED, first.tasks().getFirst().state());
      assertEquals(List.of(), events.stream().filter(DeniedIT::isOfPid1).toList());
      Synced synced =
          (Synced) events.stream().filter(Synced.class::isInstance).findFirst().orElseThrow();
      assertEquals(first.report().denied(), synced.unreadable());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNamespaceYoungerThanTheOneDeniedEndsAllTheSame(boolean kernelIds) {
    assumeThatPid1IsDenied();
    try (NsHelper helper = NsHelper.start();
        Watch watch = Watch.begin(ScanSettings.DEFAULT.withKernelIds(kernelIds))) {
      int child = helper.clone("uts");
      Ns made = helper.id(child, "uts");
      watch.untilKnown(made);
      helper.kill(child);
      watch.untilEnded(made);
      assertTrue(watch.snapshot().report().denied() > 0);
    }
  }

  private static void assumeThatPid1IsDenied() {
    boolean denied = false;
    try {
      Files.readSymbolicLink(Path.of("/proc/1/ns/net"));
    } catch (AccessDeniedException e) {
      denied = true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assumeTrue(denied, "on this host the namespaces of pid 1 can be read");
  }

  private static boolean isOfPid1(NamespaceEvent event) {
    return switch (event) {
      case Created created -> created.process().map(task -> task.pid() == 1).orElse(false);
      case Joined joined -> joined.process().pid() == 1;
      case Left left -> left.process().pid() == 1;
      default -> false;
    };
  }
}
