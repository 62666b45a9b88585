package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Watching a namespace does not keep it alive.
@ExtendWith(Live.class)
class PinIT {

  @ParameterizedTest
  @EnumSource
  void aNamespaceEndsWithItsLastProcessWhileItIsLookedAt(NamespaceType type) throws IOException {
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch =
            Watch.begin(ScanSettings.DEFAULT.withThreads(true).withSearchEvery(Duration.ZERO))) {
      int child = helper.clone(type.kernelName());
      Ns made = probe.id(child, type.kernelName());
      watch.untilKnown(made);
      assertEquals(List.of(), foreignNamespacesOpen());
      helper.kill(child);
      await(made + " is gone")
          .atMost(Watch.PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .pollInSameThread()
          .until(
              () -> {
                watch.look();
                assertEquals(List.of(), foreignNamespacesOpen());
                return !probe.isAlive(made);
              });
      watch.untilEnded(made);
    }
  }

  /// Descriptors of namespaces that this process has open and is not in itself.
  private static List<String> foreignNamespacesOpen() throws IOException {
    Set<String> own;
    try (Stream<Path> links = Files.list(Path.of("/proc/self/ns"))) {
      own = links.map(PinIT::target).collect(Collectors.toSet());
    }
    List<String> foreign = new ArrayList<>();
    try (DirectoryStream<Path> list = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : list) {
        String target = target(entry);
        if (target.matches("[a-z_]+:\\[[0-9]+]")
            && !target.matches("(pipe|socket):.*")
            && !own.contains(target)) {
          foreign.add(target);
        }
      }
    }
    return foreign;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // Closed since it was listed.
    }
  }
}
