package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.netlink.ProcConnector;
import dev.nsmon.netlink.ProcConnectorCheck;
import dev.nsmon.push.Inodes;
import dev.nsmon.testing.Ran;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the kernel would tell the proc connector source nothing, it does not start, and says why:
/// by what it knows of the host, or else by what the kernel answers.
@ExtendWith(Live.class)
class ProcConnectorRefusedIT {

  @BeforeAll
  static void itCanBeHad() {
    String problem = ProcConnectorCheck.problem(new Libc(), HostClock.SYSTEM::nanoTime);
    assumeTrue(problem.isEmpty(), () -> "the proc connector can't be had: " + problem);
  }

  @ParameterizedTest
  @CsvSource({
    "--pid --fork, true,  'the kernel tells nobody in a child pid namespace'",
    "--user,       true,  'the kernel tells nobody in a child user namespace'",
    "--net,        true,  'the kernel tells nobody in a child net namespace'",
    "--pid --fork, false, 'no answer within 1 s, as from a child pid or user namespace'",
    "--user,       false, 'no answer within 1 s, as from a child pid or user namespace'",
    "--net,        false, 'send: ECONNREFUSED, as from another network namespace'",
  })
  void inAChildNamespaceItIsRefusedInWords(String where, boolean hostIsKnown, String words)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare"));
    command.addAll(List.of(where.split(" ", -1)));
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classes(ProcConnector.class) + ":" + classes(getClass())));
    command.add(StartConnector.class.getName());
    if (hostIsKnown) {
      Inodes host = StartConnector.ownInodes();
      Arrays.stream(NamespaceType.values()).forEach(type -> command.add("" + host.of(type)));
    }
    String said = Ran.of(command).well().out();
    assertTrue(said.startsWith(words), said);
  }

  /// The kernel sends every answer to all that listen, those in a child user namespace included.
  @Test
  void anAnswerToAnotherMonitorIsNone() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                assertEquals(
                    "", ProcConnectorCheck.problem(new Libc(), HostClock.SYSTEM::nanoTime));
              }
            });
    try {
      inAChildNamespaceItIsRefusedInWords(
          "--user", false, "no answer within 1 s, as from a child pid or user namespace");
    } finally {
      over.set(true);
      others.join();
    }
  }

  private static String classes(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
