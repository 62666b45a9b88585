package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.perf.Heard;
import dev.nsmon.perf.PerfCheck;
import dev.nsmon.perf.PerfSource;
import dev.nsmon.push.Inodes;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Where the kernel's records can't be had, or would deceive, that is said.
@ExtendWith(Live.class)
class PerfRefusalIT {

  @BeforeEach
  void needPerf() {
    String problem = PerfCheck.problem(new Libc());
    assumeTrue(problem.isEmpty(), problem);
    Ran.needs("unshare");
    Ran.needs("setpriv");
  }

  @Test
  void inAChildPidNamespaceItIsRefused() {
    assertEquals(
        "runs in a child pid namespace, where records name the host's processes as 0",
        refusalUnder("unshare", "--pid", "--fork", "--mount-proc"));
  }

  @Test
  void inAChildTimeNamespaceItIsRefused() {
    assertEquals(
        "runs in a child time namespace, whose clock is not that of the records",
        refusalUnder("unshare", "--time", "--fork"));
  }

  @Test
  void withoutTheCapabilityItIsRefusedAndSaysWhich() {
    String refusal = refusalUnder("setpriv", "--bounding-set", "-perfmon,-sys_admin");
    assertTrue(
        refusal.startsWith("perf_event_open: EACCES: needs CAP_PERFMON"), "it said: " + refusal);
  }

  @Test
  void ringsThatDoNotFitAreMadeSmaller() {
    // What all processes of a user may lock together, kernel.perf_event_mlock_kb, may be used up;
    // this is for the one process alone, and less than it asks for at first.
    int kibibytes = 100 * Runtime.getRuntime().availableProcessors();
    String limited = "ulimit -l " + kibibytes + "; exec setpriv --bounding-set -ipc_lock \"$@\"";
    assertEquals("not refused", refusalUnder("sh", "-c", limited, "sh"));
  }

  private static String refusalUnder(String... unshare) {
    List<String> command = new ArrayList<>(List.of(unshare));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(location(PerfSource.class) + ":" + location(Refused.class));
    command.add(Refused.class.getName());
    NamespaceType[] types = NamespaceType.values();
    for (NamespaceType type : types) {
      command.add(Long.toString(Heard.own().of(type)));
    }
    return Ran.of(command).well().out().strip();
  }

  private static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /// A JVM of its own, which says why it is refused.
  static final class Refused {
    public static void main(String[] inodes) {
      long[] byType = new long[inodes.length];
      for (int i = 0; i < inodes.length; i++) {
        byType[i] = Long.parseLong(inodes[i]);
      }
      try (PerfSource source = new PerfSource(new Inodes(byType), false, HostClock.SYSTEM)) {
        source.start(push -> {});
        System.out.println("not refused");
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
