package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceType;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// However short a life in a namespace of its own, perf records tell all of it.
@ExtendWith(Live.class)
class PushIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"-pf, PID, fork", "-u, UTS, unshare", "-n, NET, unshare"})
  void aCommandInItsOwnNamespaceIsToldWhole(String options, NamespaceType type, Cause cause)
      throws Exception {
    try (Pushed pushed = Pushed.perf()) {
      Burst burst = Burst.in(directory);
      Burst.Run run = burst.unshare(options, 200);
      wasToldWhole(pushed, burst, run, 200, type, cause);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "unshare, 200, 1000, UTS, unshare",
    "unshare, 200, 100, UTS, unshare",
    "clone, 200, 0, UTS, fork",
    "ipc, 50, 0, IPC, unshare",
    "mnt, 50, 0, MNT, unshare",
    "net, 50, 0, NET, unshare",
    "user, 50, 0, USER, unshare",
    "cgroup, 50, 0, CGROUP, unshare",
    "pid, 50, 0, PID, fork"
  })
  void aLifeWithoutExecIsToldWhole(
      String kind, int count, int lifeMicros, NamespaceType type, Cause cause) throws Exception {
    try (Pushed pushed = Pushed.perf()) {
      Burst burst = Burst.in(directory);
      Burst.Run run = burst.run(kind, count, lifeMicros);
      wasToldWhole(pushed, burst, run, count, type, cause);
    }
  }

  private static void wasToldWhole(
      Pushed pushed, Burst burst, Burst.Run run, int count, NamespaceType type, Cause cause) {
    assertEquals(count, run.made(), "the load did not go as it should");
    pushed.untilAsserted(
        "each life is told whole",
        () -> {
          Lives lives = new Lives(pushed.events(), burst.name());
          assertEquals(count, lives.size(), () -> lives.others(run));
          lives.eachWasInItsOwn(type, cause, run);
        });
    pushed.isAtRest();
  }

  @Test
  @Tag("full")
  void aVisitToANamespaceThatLivesOnIsToldWhole() throws Exception {
    try (Pushed pushed = Pushed.perf()) {
      Burst burst = Burst.in(directory);
      Burst.Run run = burst.run("setns", 200, 1000);
      assertEquals(200, run.made(), "the load did not go as it should");
      pushed.untilAsserted(
          "each visit is told whole",
          () -> {
            Lives lives = new Lives(pushed.events(), burst.name());
            assertEquals(1 + 200, lives.size(), () -> lives.others(run));
            lives.allJoinedTheFirst(NamespaceType.UTS, run);
          });
      pushed.staysAsItIs();
      pushed.isAtRest();
    }
  }
}
