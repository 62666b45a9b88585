package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// In a storm of namespaces that come and go with one inode, everything that is told is true: no
/// two are taken for one, none is told that was not there, and each one told ends once.
@ExtendWith(Live.class)
@Tag("full")
class StormIT {
  @TempDir Path directory;

  /// The storm is in a user namespace of its own, by which its namespaces are told from those of
  /// others on the host.
  @ParameterizedTest
  @CsvSource({
    "uts, 10000, 100, true, 100, 30000",
    "ipc, 10000, 100, true, 100, 30000",
    "uts, 10000, 0, true, 1, 30000",
    "ipc, 3000, 1000, true, 1, 30000",
    "uts, 20000, 20, false, 1, 30000",
    "uts, 400, 5000, true, 1, 0"
  })
  void everyNamespaceThatIsToldWasThereAndEndsOnce(
      String type,
      int count,
      int lifeMicros,
      boolean inChildren,
      int lookEveryMillis,
      int searchEveryMillis)
      throws IOException {
    Path file = directory.resolve("ids");
    ScanSettings settings =
        ScanSettings.DEFAULT.withSearchEvery(Duration.ofMillis(searchEveryMillis));
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin(settings)) {
      helper.unshare("user");
      Ns owner = probe.id(helper.pid(), "user");
      watch.untilIn(helper.pid(), owner);
      helper.send("storm", type, count, lifeMicros, inChildren ? 1 : 0, file);
      await()
          .atMost(Duration.ofMinutes(1))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(lookEveryMillis))
          .pollInSameThread()
          .until(
              () -> {
                watch.look();
                return helper.hasAnswered();
              });
      helper.answer();
      helper.end();
      watch.untilEnded(owner);
      watch.look();

      List<String> created = new ArrayList<>();
      Set<String> ended = new HashSet<>();
      for (NamespaceEvent event : watch.events()) {
        switch (event) {
          case Created one when isOf(owner, type, one.namespace()) ->
              created.add(one.namespace().key());
          case Destroyed one when isOf(owner, type, one.namespace()) ->
              assertTrue(ended.add(one.namespace().key()), () -> "ended twice: " + event);
          default -> {}
        }
      }
      Set<String> made = new HashSet<>();
      for (String id : Files.readAllLines(file)) {
        made.add(type + ":" + id);
      }
      assertEquals(count, made.size(), "an id was used twice");
      assertTrue(made.containsAll(created), () -> "never were: " + without(created, made));
      assertEquals(ended, new HashSet<>(created), "every one of them has ended");
      // Of children that live shorter than a look takes it is chance whether one is met.
      boolean surelyMet = !inChildren || lifeMicros >= 5000;
      assertTrue(!surelyMet || created.size() > 2, () -> "the storm was not seen: " + created);
      watch.foldsToAFreshLook(settings);
    }
  }

  /// One that can't be told from others is not lost either: it would have no id.
  private static boolean isOf(Ns owner, String type, Namespace namespace) {
    return namespace.type().kernelName().equals(type)
        && (namespace.owner().equals(owner.key()) || namespace.id() < 0);
  }

  private static Set<String> without(List<String> all, Set<String> some) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
